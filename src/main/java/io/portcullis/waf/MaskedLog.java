package io.portcullis.waf;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The masked log: lines appended to one file, which at its size becomes {@code .1}, that one {@code
 * .2} and so on; the last is deleted. Files are for their owner only. One thread.
 */
final class MaskedLog implements AutoCloseable {
  private final Path file;
  private final long maxBytes;
  private final int keep;
  private FileChannel channel;

  MaskedLog(Path file, long maxBytes, int keep) throws IOException {
    this.file = file.toAbsolutePath();
    this.maxBytes = maxBytes;
    this.keep = keep;
    Files.createDirectories(this.file.getParent());
    channel = open();
  }

  void write(Buffer line) throws IOException {
    if (channel.size() > 0 && channel.size() + line.length() > maxBytes) {
      rotate();
    }
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** On disk; called before the raw entries are let go. */
  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void rotate() throws IOException {
    channel.close();
    Files.deleteIfExists(numbered(keep));
    for (int number = keep - 1; number >= 1; number--) {
      if (Files.exists(numbered(number))) {
        Files.move(numbered(number), numbered(number + 1), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Files.move(file, numbered(1), StandardCopyOption.ATOMIC_MOVE);
    channel = open();
  }

  private Path numbered(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }
}
