package io.portcullis.gateway;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.session.Session;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks for the sessions of long answers anew whenever their access token is over: nobody else does
 * while their browser only listens. An answer ends when its session is gone, so also when the
 * issuer does not renew the token, because the account was disabled. While that cannot be known it
 * goes on.
 *
 * <p>Confined to the event loop of one gateway instance.
 */
final class StreamWatch {
  /** Longer than a renewal may take. */
  static final Duration PAUSE = Duration.ofSeconds(15);

  private static final int PER_LOOK = 64;

  private final InFlight inFlight;
  private final Function<String, Future<Session>> sessions;
  private final Consumer<Exchange> end;

  /**
   * @param sessions the session of a cookie, with a token that is not over; its future completes on
   *     this event loop
   * @param end ends an exchange; called once for each
   */
  StreamWatch(
      InFlight inFlight, Function<String, Future<Session>> sessions, Consumer<Exchange> end) {
    this.inFlight = inFlight;
    this.sessions = sessions;
    this.end = end;
  }

  /** To be called about twice a second. */
  void look(Instant now) {
    int asked = 0;
    for (Exchange exchange : inFlight.streams()) {
      if (asked < PER_LOOK && !exchange.isFinished() && exchange.recheck(now, PAUSE)) {
        asked++;
        sessions
            .apply(exchange.cookie())
            .onSuccess(exchange::session)
            .onFailure(problem -> gone(exchange, problem));
      }
    }
  }

  private void gone(Exchange exchange, Throwable problem) {
    boolean known =
        problem instanceof Rejection refused && refused.problem() == Problem.UNAUTHENTICATED;
    if (known && !exchange.isFinished() && exchange.takeBack()) {
      end.accept(exchange);
    }
  }
}
