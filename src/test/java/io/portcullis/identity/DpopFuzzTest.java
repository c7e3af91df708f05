package io.portcullis.identity;

import static io.portcullis.identity.Holding.KEY;
import static io.portcullis.identity.Holding.tokenOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.DpopKey.Proof;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

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

  private final Fuzzing fuzzing = new Fuzzing();
  private final Random random = fuzzing.random;
  private final Holding node = new Holding();

  @Test
  void authenticate_randomlyDamagedText_neverAccepted() {
    for (int run = 0; run < 1_000; run++) {
      String proof = node.proof(TOKEN).signed();
      byte[] text = proof.getBytes(ISO_8859_1);
      int at = random.nextInt(text.length);
      text[at] = (byte) random.nextInt(256);
      String damaged = new String(text, ISO_8859_1);
      assertEquals(damaged.equals(proof), isAccepted(damaged, run), fuzzing.seeded(run));
    }
    fuzzing.report(DpopFuzzTest.class);
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
    fuzzing.report(DpopFuzzTest.class);
    assertTrue(accepted > 0, fuzzing.seeded(0));
  }

  private boolean isAccepted(String proof, int run) {
    return fuzzing.isAccepted(
        run, () -> node.holders.authenticate(List.of("DPoP " + TOKEN), Sender.proving(proof)));
  }
}
