package io.portcullis.identity;

import static io.portcullis.identity.Identity.EC;
import static io.portcullis.identity.Identity.ED;
import static io.portcullis.identity.Identity.RSA;
import static io.portcullis.identity.Identity.token;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever the token is, the answer is a caller or a clean 401, and at once. */
class TokenFuzzTest {
  private static final String[] LITERALS = {
    "null",
    "true",
    "-1",
    "0",
    "1e99",
    "1e-99",
    "\"\"",
    "\"x\"",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "{\"roles\":[1]}",
    "{\"roles\":null}",
    "{\"portcullis\":[]}",
    "{\"a\":{\"id\":null}}",
    "9999999999"
  };
  private static final String[] MEMBERS = {
    "alg",
    "kid",
    "typ",
    "crit",
    "jwk",
    "exp",
    "iat",
    "nbf",
    "iss",
    "aud",
    "azp",
    "sub",
    "jti",
    "scope",
    "organization",
    "realm_access",
    "resource_access",
    "preferred_username",
    "cnf",
    "b64"
  };

  private final Fuzzing fuzzing = new Fuzzing();
  private final Random random = fuzzing.random;
  private final Identity identity = new Identity(RSA, EC, ED);

  @Test
  void verify_randomlyDamagedText_neverAccepted() {
    Set<String> good = Set.of(token(RSA).signed(), token(EC).signed(), token(ED).signed());
    for (int run = 0; run < 10_000; run++) {
      String original = good.stream().skip(random.nextInt(3)).findFirst().orElseThrow();
      String damaged = damage(original);
      boolean accepted = verify(damaged, run);
      assertEquals(good.contains(damaged), accepted, fuzzing.seeded(run));
    }
    fuzzing.report(TokenFuzzTest.class);
  }

  @Test
  void verify_randomClaimsProperlySigned_callerOrCleanRefusal() {
    int accepted = 0;
    for (int run = 0; run < 1_000; run++) {
      TestKey key = EC;
      TestToken token = token(key);
      String claims = token.claimsText();
      String header = token.headerText();
      for (int n = random.nextInt(3); n >= 0; n--) {
        String member = MEMBERS[random.nextInt(MEMBERS.length)];
        String literal = LITERALS[random.nextInt(LITERALS.length)];
        if (random.nextInt(4) == 0) {
          header = replace(header, member, literal);
        } else {
          claims = replace(claims, member, literal);
        }
      }
      accepted += verify(token.signed(header, claims), run) ? 1 : 0;
    }
    fuzzing.report(TokenFuzzTest.class);
    assertTrue(accepted > 0, fuzzing.seeded(0));
  }

  private static String replace(String json, String member, String literal) {
    var object = new io.vertx.core.json.JsonObject(json);
    object.putNull(member);
    return object.encode().replace("\"" + member + "\":null", "\"" + member + "\":" + literal);
  }

  private boolean verify(String token, int run) {
    return fuzzing.isAccepted(run, () -> identity.verifier.verify(token));
  }

  private String damage(String token) {
    byte[] text = token.getBytes(ISO_8859_1);
    for (int n = random.nextInt(3); n >= 0; n--) {
      int at = random.nextInt(text.length);
      switch (random.nextInt(5)) {
        case 0 -> text[at] ^= (byte) (1 << random.nextInt(7));
        case 1 -> text[at] = (byte) random.nextInt(256);
        case 2 -> text = Arrays.copyOf(text, 1 + random.nextInt(text.length));
        case 3 -> text[at] = '.';
        default -> {
          byte[] piece = Arrays.copyOfRange(text, at, Math.min(text.length, at + 30));
          int to = random.nextInt(text.length);
          System.arraycopy(piece, 0, text, to, Math.min(piece.length, text.length - to));
        }
      }
    }
    return new String(text, ISO_8859_1);
  }
}
