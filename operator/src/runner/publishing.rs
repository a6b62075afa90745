//! A drive's publishing: what is due goes out, what is suspended or lost comes back.

use crawl_broker::{Message, Refused};
use crawl_frontier::{Due, PageId};
use crawl_protocol::FailureClass;
use tracing::info;

use super::{
    Mode,
    dead::failure,
    drive::{Drive, DriveError},
    lock, now,
};

impl Drive<'_> {
    /// Publishes what may start now.
    pub(super) async fn publish(&mut self) -> Result<(), DriveError> {
        self.again = None;
        // A broker short of memory or disk takes nothing; what it were given would only wait on our side.
        if self.wanted.mode != Mode::Run || self.session.broker.blocked() {
            return Ok(());
        }
        let round = {
            let mut hosts = lock(&self.runner.shared.hosts);
            let room = self.runner.shared.pools.room(&self.wanted.pool, self.frontier.key(), &hosts);
            self.frontier.due(now(), &mut hosts, room)
        };
        self.again = round.again;
        if round.tasks.is_empty() {
            return Ok(());
        }
        match self.hand_over(&round.tasks).await {
            Ok(outcomes) => self.settle(&round.tasks, &outcomes),
            Err(error) => {
                // Nobody knows which of them arrived: they are published again, and the first record of each counts.
                round.tasks.iter().for_each(|due| self.take_back(due.id));
                Err(error)
            }
        }
    }

    async fn hand_over(&mut self, tasks: &[Due]) -> Result<Vec<Result<(), Refused>>, DriveError> {
        let messages = tasks.iter().map(|due| self.message(due)).collect::<Result<_, _>>()?;
        tokio::select! {
            published = self.publisher.publish_all(messages) => Ok(published?),
            () = self.session.failed.cancelled() => Err(DriveError::SessionEnded),
        }
    }

    fn message(&self, due: &Due) -> Result<Message, DriveError> {
        let message = |task| Message::task(&self.wanted.pool, &due.id.to_string(), task);
        let Some(headers) = &self.wanted.headers else { return Ok(message(&due.task)) };
        let mut task = due.task.clone();
        headers.seal(&mut task)?;
        Ok(message(&task))
    }

    fn settle(&mut self, tasks: &[Due], outcomes: &[Result<(), Refused>]) -> Result<(), DriveError> {
        let mut refused = None;
        for (due, outcome) in tasks.iter().zip(outcomes) {
            match outcome {
                Ok(()) => drop(self.runner.shared.metrics.tasks_published.inc()),
                Err(why) => {
                    self.take_back(due.id);
                    refused = Some(*why);
                }
            }
        }
        refused.map_or(Ok(()), |why| Err(DriveError::Refused(why)))
    }

    fn take_back(&mut self, id: PageId) {
        lock(&self.runner.shared.hosts).undo(id);
        self.frontier.give_back(id);
    }

    /// Takes back the tasks that no worker has taken.
    pub(super) async fn withdraw(&mut self) -> Result<(), DriveError> {
        let withdrawn = self.session.broker.withdraw(&self.wanted.pool, &self.wanted.uid).await?;
        for message_id in &withdrawn {
            if let Some(id) = message_id.split('/').nth(1).and_then(|page| page.parse().ok()) {
                self.take_back(id);
            }
        }
        lock(&self.runner.shared.hosts).leave_lines(self.frontier.key());
        info!(mode = ?self.wanted.mode, withdrawn = withdrawn.len(), "took back the tasks that no worker had");
        Ok(())
    }

    /// Looks for tasks of which nothing was heard for too long: they are published again, and given up in the end.
    pub(super) async fn look_for_lost(&mut self) -> Result<(), DriveError> {
        let pool = self.runner.shared.pools.get(&self.wanted.pool);
        let lost = self.watchdog.lost(&lock(&self.runner.shared.hosts), self.frontier.key(), pool, now());
        for (id, hopeless) in lost {
            lock(&self.runner.shared.hosts).give_up(id, now());
            if hopeless {
                self.give_up(&id.to_string(), FailureClass::Lost).await?;
            } else {
                self.frontier.give_back(id);
            }
        }
        Ok(())
    }

    /// Records a failure on behalf of the workers that could not.
    pub(super) async fn give_up(&mut self, page: &str, class: FailureClass) -> Result<(), DriveError> {
        let Some(task) = page.parse().ok().and_then(|id| self.frontier.open_task(id)) else { return Ok(()) };
        let message = "given up: workers took this page again and again, and nothing came of it";
        Ok(self.publisher.publish(failure(&task, class, message)).await?)
    }
}
