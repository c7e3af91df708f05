package io.portcullis.gateway;

import io.portcullis.model.Caller;
import io.portcullis.session.Session;
import io.portcullis.tls.PeerIdentity;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Ends requests in flight, long answers above all, whose caller's access is taken back after it was
 * proved. Looks through all of them whenever something was taken back, a few hundred in each turn
 * of the event loop. What comes in meanwhile was proved after the change. The end of a session is
 * such a change too, and comes by itself when the session's time is over.
 *
 * <p>Confined to the event loop of one gateway instance.
 */
final class TakenBack {
  private static final int PER_TURN = 256;

  private final InFlight inFlight;
  private final Predicate<Caller> revoked;
  private final Predicate<Session> ended;
  private final Consumer<Exchange> end;
  private final Consumer<Runnable> nextTurn;
  private List<Exchange> looking = List.of();
  private int position;
  private boolean again;

  /**
   * @param revoked whether a caller's access was taken back
   * @param ended whether a session was ended
   * @param end ends an exchange; called once for each
   * @param nextTurn runs something in a later turn of this event loop
   */
  TakenBack(
      InFlight inFlight,
      Predicate<Caller> revoked,
      Predicate<Session> ended,
      Consumer<Exchange> end,
      Consumer<Runnable> nextTurn) {
    this.inFlight = inFlight;
    this.revoked = revoked;
    this.ended = ended;
    this.end = end;
    this.nextTurn = nextTurn;
  }

  /** Something was taken back. */
  void look() {
    if (position < looking.size()) {
      again = true;
      return;
    }
    looking = inFlight.all();
    position = 0;
    turn();
  }

  /** Ends the long answers of sessions whose last moment has come. */
  void expire(Instant now) {
    for (Exchange exchange : inFlight.streams()) {
      boolean over =
          exchange.session().filter(session -> !now.isBefore(session.absoluteEnd())).isPresent();
      if (over && !exchange.isFinished() && exchange.takeBack()) {
        end.accept(exchange);
      }
    }
  }

  private void turn() {
    int until = Math.min(looking.size(), position + PER_TURN);
    while (position < until) {
      Exchange exchange = looking.get(position++);
      if (!exchange.isFinished() && isTakenBack(exchange) && exchange.takeBack()) {
        end.accept(exchange);
      }
    }
    if (position < looking.size()) {
      nextTurn.accept(this::turn);
      return;
    }
    looking = List.of();
    position = 0;
    if (again) {
      again = false;
      look();
    }
  }

  /** Certificates are taken back by other means, and their connections end with them. */
  private boolean isTakenBack(Exchange exchange) {
    if (exchange.caller().isPresent() && exchange.session().filter(ended).isPresent()) {
      return true;
    }
    return exchange
        .caller()
        .filter(caller -> !caller.issuer().equals(PeerIdentity.TRUST_DOMAIN))
        .filter(revoked)
        .isPresent();
  }
}
