package io.portcullis.identity;

import static io.portcullis.identity.Identity.NOW;
import static io.portcullis.identity.Identity.RSA;

import io.portcullis.config.DpopConfig;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.DpopKey;
import io.portcullis.testing.TestToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A node that proves holders of tokens, with everything around it in memory. */
final class Holding {
  /** The key of the client whose tokens these are. */
  static final DpopKey KEY = DpopKey.of("ES256");

  final Identity identity = new Identity(RSA);
  final DpopVerifier dpop;
  final HolderVerifier holders;

  /** What nodes that share it have marked. */
  final Set<String> marked;

  volatile boolean guardAway;

  Holding() {
    this(ConcurrentHashMap.newKeySet());
  }

  /** A node beside others that share what is marked. */
  Holding(Set<String> marked) {
    this(marked, DpopKey.config());
  }

  Holding(Set<String> marked, DpopConfig config) {
    this.marked = marked;
    dpop = new DpopVerifier(config, (id, keep) -> mark(id), identity.metrics, identity.clock);
    holders = new HolderVerifier(identity.verifier, Optional.of(dpop));
  }

  private Future<Boolean> mark(String id) {
    return guardAway ? Future.failedFuture("away") : Future.succeededFuture(marked.add(id));
  }

  /** A token that is bound to that key. */
  static String tokenOf(DpopKey key) {
    return bound("jkt", key.thumbprint()).signed();
  }

  /** A token that is bound in that way. */
  static TestToken bound(String member, String thumbprint) {
    return Identity.token(RSA).claim("cnf", new JsonObject().put(member, thumbprint));
  }

  /** A proof that holds for the token. */
  DpopKey.Proof proof(String token) {
    return KEY.proof("GET", Sender.TARGET, token, NOW).nonce(dpop.nonce());
  }

  Caller caller(String token, Sender sender) {
    return Await.value(holders.authenticate(List.of("DPoP " + token), sender));
  }

  /** The reason for which a token with this proof is refused, which must be the caller's fault. */
  String reason(String token, String proof) {
    return reason("DPoP " + token, Sender.proving(proof));
  }

  /** The reason of a 401. */
  String reason(String authorization, Sender sender) {
    Rejection rejection =
        (Rejection) Await.failure(holders.authenticate(List.of(authorization), sender));
    if (rejection.problem() != Problem.UNAUTHENTICATED) {
      throw new AssertionError(rejection.problem() + " " + rejection.reason());
    }
    return rejection.reason();
  }

  double count(String result, String reason) {
    return identity.count("portcullis.dpop", "result", result, "reason", reason);
  }
}
