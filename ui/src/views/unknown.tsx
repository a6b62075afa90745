import { PageTitle } from "../components/page-title";
import { listHref } from "../router";

export function UnknownView() {
  return (
    <>
      <PageTitle title="No such page" />
      <p>
        The address after the # means nothing here. Go to the <a href={listHref()}>list of crawls</a>.
      </p>
    </>
  );
}
