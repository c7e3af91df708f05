package io.portcullis.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of a PEM file (RFC 7468, the strict form): nothing but whole blocks, so that a file
 * that was written by half is noticed instead of read as a shorter one.
 */
final class PemBlocks {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]{1,40})-----\\r?\\n([A-Za-z0-9+/=\\r\\n]*)-----END \\1-----\\s*");

  private PemBlocks() {}

  /** What the blocks of this label hold. */
  static List<byte[]> read(Path file, byte[] content, String label) {
    String text = new String(content, StandardCharsets.US_ASCII).stripLeading();
    if (text.isEmpty()) {
      throw new BadMaterialException(file, "is empty");
    }
    List<byte[]> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    int end = 0;
    while (matcher.lookingAt()) {
      if (!matcher.group(1).equals(label)) {
        throw new BadMaterialException(
            file, "holds a " + matcher.group(1) + "; expected " + label + " alone");
      }
      blocks.add(decoded(file, matcher.group(2)));
      end = matcher.end();
      matcher.region(end, text.length());
    }
    if (end < text.length()) {
      throw new BadMaterialException(file, "is not whole PEM blocks of " + label);
    }
    return blocks;
  }

  private static byte[] decoded(Path file, String base64) {
    try {
      return Base64.getDecoder().decode(base64.replaceAll("[\\r\\n]", ""));
    } catch (IllegalArgumentException e) {
      throw new BadMaterialException(file, "has a block that is not base64");
    }
  }
}
