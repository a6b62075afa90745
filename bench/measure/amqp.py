"""Workers that take their pages from RabbitMQ, and the driver that stands in for the operator."""
import json
import os
import subprocess

from processes import Client, log

POOL = "bench"
CONCURRENCY = 16


def worker(**env):
    """The real worker, as a Deployment would start it."""
    settings = {
        "AMQP_PORT": os.environ["BENCH_AMQP_PORT"],
        "AMQP_VHOST": "/",
        "AMQP_USERNAME": os.environ["BENCH_AMQP_USERNAME"],
        "AMQP_PASSWORD_FILE": os.environ["BENCH_AMQP_PASSWORD_FILE"],
        "POOL": POOL,
        "CONCURRENCY": str(CONCURRENCY),
        "ALLOW_ADDRESS": "127.0.0.0/8",
        "ADMIN_ADDRESS": "127.0.0.1:0",
        "LOG": "warn,lapin=off",
    }
    return Client([os.environ["BENCH_WORKER"]], settings | env)


def drive(urls, *arguments, pools=(POOL,)):
    """Has the pages fetched by the workers of these pools. Returns what they recorded."""
    command = [os.environ["BENCH_DRIVER"], "--urls", urls]
    command += [argument for pool in pools for argument in ("--pool", pool)]
    command += ["--amqp-port", os.environ["BENCH_AMQP_PORT"], "--amqp-username", os.environ["BENCH_AMQP_USERNAME"]]
    command += ["--amqp-password-file", os.environ["BENCH_AMQP_PASSWORD_FILE"], *map(str, arguments)]
    return printed(command)


def printed(command, **options):
    """The last line that a program printed, which is JSON."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=log(), text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{os.path.basename(command[0])} failed; see {os.environ['CRAWL_LOG']}")
    return json.loads(done.stdout.splitlines()[-1])
