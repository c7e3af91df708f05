package io.portcullis.gateway;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How much of a request's body is read: what is announced as too large is refused unread, what
 * turns out to be too large is broken off at the limit. One per request.
 */
final class BodyLimit {
  private final long maxBytes;
  private long seen;
  private @Nullable Rejection exceeded;

  BodyLimit(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Throws when the announced length is over the limit. */
  void check(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    if (length == null) {
      return;
    }
    boolean number = !length.isEmpty() && length.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number) {
      throw Rejection.of(
          Problem.INVALID_REQUEST,
          "content-length-invalid",
          "The header Content-Length is not a number.");
    }
    if (length.length() > 18 || Long.parseLong(length) > maxBytes) {
      throw tooLarge();
    }
  }

  /** Reads the whole body; fails with {@code payload-too-large} as soon as it is. */
  Future<Buffer> read(HttpServerRequest request) {
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (exceeded != null) {
            return;
          }
          body.appendBuffer(chunk);
          if (body.length() > maxBytes) {
            exceeded = tooLarge();
            promise.tryFail(exceeded);
          }
        });
    request.exceptionHandler(
        broken ->
            promise.tryFail(
                Rejection.of(
                    Problem.INVALID_REQUEST,
                    "body-broken",
                    "The request body is not well-formed or broke off.")));
    request.endHandler(end -> promise.tryComplete(body));
    request.resume();
    return promise.future();
  }

  /**
   * The body as a stream that breaks off at the limit.
   *
   * @param reads told whether the next piece is waited for, so that a late one is the caller's doing
   */
  ReadStream<Buffer> watch(
      HttpServerRequest request, Runnable breakOff, Consumer<Boolean> reads) {
    return new Watched(request, breakOff, reads);
  }

  /** The refusal when the limit was reached, else {@code other}. */
  Rejection orElse(Rejection other) {
    return exceeded != null ? exceeded : other;
  }

  private Rejection tooLarge() {
    return Rejection.of(
        Problem.PAYLOAD_TOO_LARGE,
        "body-too-large",
        "The request body is larger than the " + maxBytes + " bytes that this route takes.");
  }

  /** Counts what passes; forwards everything else. */
  private final class Watched implements ReadStream<Buffer> {
    private final HttpServerRequest request;
    private final Runnable breakOff;

    private final Consumer<Boolean> reads;

    Watched(HttpServerRequest request, Runnable breakOff, Consumer<Boolean> reads) {
      this.request = request;
      this.breakOff = breakOff;
      this.reads = reads;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
      request.handler(
          handler == null
              ? null
              : chunk -> {
                seen += chunk.length();
                if (exceeded != null) {
                  return;
                }
                if (seen > maxBytes) {
                  exceeded = tooLarge();
                  breakOff.run();
                } else {
                  handler.handle(chunk);
                }
              });
      return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
      request.exceptionHandler(handler);
      return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
      reads.accept(false);
      request.pause();
      return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
      reads.accept(true);
      request.resume();
      return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
      reads.accept(true);
      request.fetch(amount);
      return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> endHandler) {
      request.endHandler(endHandler);
      return this;
    }
  }
}
