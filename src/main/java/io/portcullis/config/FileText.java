package io.portcullis.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a small text file, strictly: a regular file, bounded, valid UTF-8. */
final class FileText {
  private FileText() {}

  /**
   * The text of a file, without a byte order mark.
   *
   * @throws BadValueException that says why not, as the rest of a sentence
   */
  static String read(Path file, int maxBytes) {
    if (Files.notExists(file)) {
      throw new BadValueException("does not exist");
    }
    if (!Files.isRegularFile(file)) {
      throw new BadValueException("is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new BadValueException("is larger than " + maxBytes / 1024 + "KiB");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new BadValueException("is not valid UTF-8");
    } catch (IOException e) {
      throw new BadValueException("cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** A secret: one line, not empty; the newline that editors leave at the end does not count. */
  static String readSecret(Path file) {
    String text = read(file, 4096);
    String secret =
        text.endsWith("\r\n")
            ? text.substring(0, text.length() - 2)
            : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    if (secret.isEmpty()) {
      throw new BadValueException("is empty");
    }
    if (secret.chars().anyMatch(Character::isISOControl)) {
      throw new BadValueException("has more than one line or control characters");
    }
    return secret;
  }
}
