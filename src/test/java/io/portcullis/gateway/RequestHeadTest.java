package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.model.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class RequestHeadTest {
  @Test
  void field_everyByteAtEveryPlaceOfAValue_isJudgedAlike() {
    for (int place = 3; place < 40; place++) {
      for (int value = 0; value < 256; value++) {
        byte[] line = new byte[40];
        Arrays.fill(line, (byte) (place % 2 == 0 ? 'x' : 0xe9));
        line[0] = 'X';
        line[1] = ':';
        line[place] = (byte) value;
        boolean control = (value < ' ' && value != '\t') || value == 0x7f;
        if (control) {
          assertThrows(Rejection.class, () -> new RequestHead().field(line, line.length));
        } else {
          assertDoesNotThrow(() -> new RequestHead().field(line, line.length));
        }
      }
    }
  }

  @Test
  void field_bytesBehindTheLine_areNotLookedAt() {
    byte[] line = "X: plain value\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
    assertDoesNotThrow(() -> new RequestHead().field(line, "X: plain value".length()));
  }
}
