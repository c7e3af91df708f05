package io.portcullis.limit;

import io.portcullis.model.Decision;
import io.portcullis.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One caller that asks again as soon as it is answered, for some time. After an answer that took no
 * time at all it pauses for a millisecond: it shares the machine with what it tests.
 */
final class Running {
  private final LimiterNode node;
  private final Supplier<Admission> requests;
  private final Consumer<Decision> answers;
  private final long endNanos;
  private final Promise<Void> done = Promise.promise();
  private volatile long slowestNanos;

  private Running(
      LimiterNode node, Supplier<Admission> requests, Duration time, Consumer<Decision> answers) {
    this.node = node;
    this.requests = requests;
    this.answers = answers;
    this.endNanos = System.nanoTime() + time.toNanos();
  }

  static Running start(
      LimiterNode node,
      Context loop,
      Supplier<Admission> requests,
      Duration time,
      Consumer<Decision> answers) {
    Running running = new Running(node, requests, time, answers);
    loop.runOnContext(start -> running.next());
    return running;
  }

  /** Waits for the end; any failure fails the test. */
  void await() {
    Await.value(done.future());
  }

  /** The longest time an answer took, as its event loop saw it. */
  Duration slowest() {
    return Duration.ofNanos(slowestNanos);
  }

  private void next() {
    long asked = System.nanoTime();
    if (asked - endNanos > 0) {
      done.complete();
      return;
    }
    node.limiter
        .admit(requests.get())
        .onComplete(
            decision -> {
              long took = System.nanoTime() - asked;
              slowestNanos = Math.max(slowestNanos, took);
              answers.accept(decision);
              Vertx vertx = node.vertx;
              vertx.setTimer(1, tick -> next());
            },
            done::tryFail);
  }
}
