package io.portcullis.identity;

import static io.portcullis.identity.Holding.KEY;
import static io.portcullis.identity.Holding.tokenOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.DpopKey.Proof;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whatever the proof is, the answer is a caller or a clean 401, and at once. */
class DpopFuzzTest {
  private static final String TOKEN = tokenOf(KEY);
  private static final List<Object> VALUES =
      List.of(
          true,
          -1,
          0,
          1e99,
          Long.MAX_VALUE,
          "",
          "x",
          "GET",
          Sender.TARGET,
          "\u0000\ud83d\ude00",
          new JsonArray(),
          new JsonObject(),
          new JsonObject().put("kty", "EC").put("crv", "P-256").put("x", "").put("y", ""),
          new JsonObject().put("kty", "RSA").put("n", "AA").put("e", "AA"),
          KEY.jwk());
  private static final List<String> HEADERS = List.of("typ", "alg", "jwk", "crit", "kid", "x");
  private static final List<String> CLAIMS =
      List.of("jti", "htm", "htu", "iat", "ath", "nonce", "exp", "x");

  private final long seed = Long.getLong("portcullis.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Holding node = new Holding();
  private final TreeMap<String, Integer> reasons = new TreeMap<>();

  @Test
  void authenticate_randomlyDamagedText_neverAccepted() {
    for (int run = 0; run < 1_000; run++) {
      String proof = node.proof(TOKEN).signed();
      byte[] text = proof.getBytes(ISO_8859_1);
      int at = random.nextInt(text.length);
      text[at] = (byte) random.nextInt(256);
      String damaged = new String(text, ISO_8859_1);
      assertEquals(damaged.equals(proof), isAccepted(damaged, run), seeded(run));
    }
    report();
  }

  @Test
  void authenticate_randomMembersProperlySigned_callerOrCleanRefusal() {
    int accepted = 0;
    for (int run = 0; run < 400; run++) {
      Proof proof = node.proof(TOKEN);
      Object value = VALUES.get(random.nextInt(VALUES.size()));
      if (random.nextInt(3) == 0) {
        proof.header(HEADERS.get(random.nextInt(HEADERS.size())), value);
      } else {
        proof.claim(CLAIMS.get(random.nextInt(CLAIMS.size())), value);
      }
      accepted += isAccepted(proof.signed(), run) ? 1 : 0;
    }
    report();
    assertTrue(accepted > 0, seeded(0));
  }

  private boolean isAccepted(String proof, int run) {
    try {
      Future<?> outcome =
          node.holders.authenticate(List.of("DPoP " + TOKEN), Sender.proving(proof));
      assertTrue(outcome.isComplete(), seeded(run));
      if (outcome.succeeded()) {
        return true;
      }
      Rejection rejection = (Rejection) outcome.cause();
      reasons.merge(rejection.reason(), 1, Integer::sum);
      assertEquals(Problem.UNAUTHENTICATED, rejection.problem(), rejection.reason());
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      return fail(seeded(run), e);
    }
  }

  private String seeded(int run) {
    return "-Dportcullis.seed=" + seed + " run " + run;
  }

  private void report() {
    LoggerFactory.getLogger(DpopFuzzTest.class)
        .info("-Dportcullis.seed={}: refused {}", seed, reasons);
  }
}
