"""The same task for Celery: nothing is done, late acknowledgement, one message a process, its state in Redis."""

import os

from celery import Celery

app = Celery("bench", broker=os.environ["BROKER_URL"], backend=os.environ["RESULT_URL"])
app.conf.update(
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    task_track_started=True,
    broker_connection_retry_on_startup=True,
)


@app.task(name="bench.done")
def done(task):
    return "done"
