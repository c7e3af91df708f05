package io.portcullis.redis;

import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way. It stays in the queue of its connection until its reply arrives, even when
 * its deadline has passed meanwhile: that is what keeps later replies with their own commands.
 */
final class Pending {
  final Promise<Reply> promise;
  final Command command;
  final @Nullable Command onNoScript;
  final long startNanos;
  final long deadlineNanos;
  final boolean counted;
  boolean settled;

  /**
   * A command that was not sent yet.
   *
   * @param counted whether its fate tells the breaker something; a greeting's tells the connector
   */
  Pending(
      Promise<Reply> promise,
      Command command,
      @Nullable Command onNoScript,
      long startNanos,
      long deadlineNanos,
      boolean counted) {
    this.promise = promise;
    this.command = command;
    this.onNoScript = onNoScript;
    this.startNanos = startNanos;
    this.deadlineNanos = deadlineNanos;
    this.counted = counted;
  }

  boolean overdueAt(long nanos) {
    return !settled && deadlineNanos - nanos <= 0;
  }

  void complete(Reply reply) {
    if (!settled) {
      settled = true;
      promise.complete(reply);
    }
  }

  void fail(RedisException problem) {
    if (!settled) {
      settled = true;
      promise.fail(problem);
    }
  }
}
