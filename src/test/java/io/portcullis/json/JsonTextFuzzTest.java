package io.portcullis.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.json.Json;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are, the answer is a value or a {@link JsonTextException}. */
class JsonTextFuzzTest {
  private static final int RUNS = 20_000;
  private static final JsonLimits LIMITS = new JsonLimits(2_000, 16, 500, 200);
  private static final String[] SEEDS = {
    "{\"a\":{\"b\":[1,-2.5e3,true,null,\"\\u00e9\\ud83d\\ude00\"]},\"c\":\"x\\ny\"}",
    "[0,1e10,9007199254740993,\"\",[],{},[[[{\"k\":[\"v\"]}]]]]",
    "{\"title\":\"Grüße – 你好 \uD83D\uDE00\",\"n\":-0.0001,\"e\":1E-7}",
    "{\"exp\":1700000000,\"aud\":[\"a\",\"b\"],\"realm_access\":{\"roles\":[\"user\"]}}"
  };
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "\\udc00",
    "0",
    "-",
    "1e999",
    "e",
    ".",
    "NaN",
    "null",
    "true",
    "\0",
    "\n",
    "//",
    "/*",
    "'",
    "\uFEFF",
    "{\"a\":",
    "[[[[[[[["
  };

  @Test
  void parse_randomMutations_valueOrRefusal() {
    long seed = Long.getLong("portcullis.seed", System.nanoTime());
    Random random = new Random(seed);
    int accepted = 0;
    for (int run = 0; run < RUNS; run++) {
      byte[] text = mutate(random);
      try {
        Object value = JsonText.parse(text, LIMITS);
        accepted++;
        if (value != null) {
          byte[] again = Json.encode(value).getBytes(UTF_8);
          assertEquals(value, JsonText.parse(again, LIMITS), "seed " + seed + ", run " + run);
        }
      } catch (JsonTextException expected) {
        String message = String.valueOf(expected.getMessage());
        assertTrue(message.length() < 120, "seed " + seed + ", run " + run + ": " + message);
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        fail("-Dportcullis.seed=" + seed + ", run " + run, e);
      }
    }
    String summary = "-Dportcullis.seed=" + seed + ": " + accepted + " of " + RUNS + " accepted";
    org.slf4j.LoggerFactory.getLogger(JsonTextFuzzTest.class).info(summary);
    assertTrue(accepted > RUNS / 100 && accepted < RUNS * 9 / 10, summary);
  }

  private static byte[] mutate(Random random) {
    byte[] text = SEEDS[random.nextInt(SEEDS.length)].getBytes(UTF_8);
    for (int n = random.nextInt(4); n >= 0; n--) {
      int at = random.nextInt(text.length + 1);
      text =
          switch (random.nextInt(5)) {
            case 0 -> splice(text, at, 0, PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8));
            case 1 -> splice(text, at, random.nextInt(8), new byte[0]);
            case 2 -> splice(text, at, 1, new byte[] {(byte) random.nextInt(256)});
            case 3 -> {
              int from = random.nextInt(text.length + 1);
              int to = Math.min(text.length, from + random.nextInt(20));
              yield splice(text, at, 0, java.util.Arrays.copyOfRange(text, from, to));
            }
            default -> splice(text, at, 1, new byte[] {(byte) (0x20 + random.nextInt(0x5f))});
          };
    }
    return text;
  }

  private static byte[] splice(byte[] text, int at, int removed, byte[] inserted) {
    int end = Math.min(text.length, at + removed);
    byte[] result = new byte[at + inserted.length + text.length - end];
    System.arraycopy(text, 0, result, 0, at);
    System.arraycopy(inserted, 0, result, at, inserted.length);
    System.arraycopy(text, end, result, at + inserted.length, text.length - end);
    return result;
  }
}
