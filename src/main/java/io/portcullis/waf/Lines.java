package io.portcullis.waf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Cuts bytes into lines, keeping no more than the longest entry in memory. */
final class Lines {
  private final RawLog.LineReader reader;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean tooLong;

  Lines(RawLog.LineReader reader) {
    this.reader = reader;
  }

  void feed(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n') {
        reader.line(tooLong ? null : line.toByteArray());
        line.reset();
        tooLong = false;
      } else if (line.size() < AuditLine.MAX_BYTES) {
        line.write(next);
      } else {
        tooLong = true;
      }
    }
  }
}
