package io.portcullis.session;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A token endpoint: counts, and answers as it is told. */
final class FakeIssuer implements TokenRefresh {
  static final Duration ACCESS_LIFE = Duration.ofMinutes(5);
  static final Duration REFRESH_LIFE = Duration.ofHours(24);

  final List<String> asked = new CopyOnWriteArrayList<>();
  private final InstantSource clock;
  private volatile Function<String, Future<Tokens>> answer;

  FakeIssuer(InstantSource clock) {
    this.clock = clock;
    this.answer = token -> Future.succeededFuture(next());
  }

  @Override
  public Future<Tokens> refresh(String refreshToken) {
    asked.add(refreshToken);
    return answer.apply(refreshToken);
  }

  void answers(Function<String, Future<Tokens>> behaviour) {
    answer = behaviour;
  }

  /** Answers when the test says so. */
  Promise<Tokens> holdsBack() {
    Promise<Tokens> promise = Promise.promise();
    answer = token -> promise.future();
    return promise;
  }

  /** The tokens after as many refreshes as there were. */
  Tokens next() {
    return tokens(asked.size());
  }

  Tokens tokens(int number) {
    return new Tokens(
        "access-token-number-" + number,
        clock.instant().plus(ACCESS_LIFE),
        "refresh-token-number-" + number,
        clock.instant().plus(REFRESH_LIFE),
        "id-token-number-" + number);
  }
}
