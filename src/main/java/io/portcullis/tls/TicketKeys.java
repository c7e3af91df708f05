package io.portcullis.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The keys that Nginx encrypts session tickets with (RFC 5077): the current one makes tickets, the
 * previous one still reads those of before.
 */
record TicketKeys(Path folder) {
  /** Nginx takes 80 bytes for AES-256: name 16, HMAC 32, cipher 32. */
  private static final int BYTES = 80;

  private static final SecureRandom RANDOM = new SecureRandom();

  void rotate() throws IOException {
    PrivateFiles.folder(folder);
    Path current = folder.resolve("current.key");
    byte[] before = Files.isRegularFile(current) ? Files.readAllBytes(current) : fresh();
    PrivateFiles.write(folder.resolve("previous.key"), before.length == BYTES ? before : fresh());
    PrivateFiles.write(current, fresh());
  }

  private static byte[] fresh() {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    return key;
  }
}
