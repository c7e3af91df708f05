package io.portcullis.waf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;

/**
 * ModSecurity's audit log, taken over without losing an entry. libmodsecurity opens the file for
 * appending and holds an exclusive fcntl lock on it around each write, and a {@link FileLock} is
 * the same lock. So under that lock everything up to the last line break moves to a file of our own
 * (the spool) and the log is emptied; the lock is held for a copy, never for the work on the
 * entries, because a worker of Nginx waits for it. A torn last line stays.
 *
 * <p>The spool is read from a position that is kept beside it. After a crash reading goes on there:
 * every entry is read at least once, and at most one batch of them twice. One thread.
 */
final class RawLog {
  private static final int CHUNK = 1 << 16;
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("------rwx");

  private final Path log;
  private final Path spool;
  private final Path position;

  /** Who reads the lines of the spool. */
  interface LineReader {
    /** One line without its end; null for one that is longer than any entry. */
    void line(byte @org.jspecify.annotations.Nullable [] line) throws IOException;
  }

  RawLog(Path log) {
    this.log = log.toAbsolutePath();
    spool = this.log.resolveSibling(log.getFileName() + ".reading");
    position = this.log.resolveSibling(log.getFileName() + ".position");
  }

  /**
   * Makes the log, so that it is ours to read and nobody else's before Nginx first writes. One that
   * belongs to Nginx' own user is shared with us by its group; then others must have no right.
   */
  void prepare() throws IOException {
    Files.createDirectories(log.getParent());
    open(log).close();
    try {
      Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-------"));
    } catch (FileSystemException notOurs) {
      if (!Collections.disjoint(Files.getPosixFilePermissions(log), OTHERS)) {
        throw notOurs;
      }
    }
  }

  /** Whether there is anything to read in the spool, after taking over what is new if not. */
  boolean take() throws IOException {
    if (Files.exists(spool) && Files.size(spool) > start()) {
      return true;
    }
    Files.deleteIfExists(spool);
    Files.deleteIfExists(position);
    try (FileChannel from = open(log)) {
      if (from.size() == 0) {
        return false;
      }
      try (FileLock held = from.lock();
          FileChannel to = open(spool)) {
        return held.isValid() && move(from, to);
      }
    }
  }

  /** Reads the spool's lines from where the last reading ended. */
  void read(LineReader reader) throws IOException {
    try (FileChannel from = open(spool)) {
      from.position(start());
      Lines lines = new Lines(reader);
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      while (from.read(chunk.clear()) >= 0) {
        lines.feed(chunk.flip());
      }
    }
  }

  /** Everything up to this many bytes of the spool is done with. */
  void done(long bytes) throws IOException {
    Path next = position.resolveSibling(position.getFileName() + ".new");
    Files.writeString(next, Long.toString(bytes));
    Files.move(next, position, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The spool is done with. */
  void drop() throws IOException {
    Files.deleteIfExists(spool);
    Files.deleteIfExists(position);
  }

  long start() throws IOException {
    if (!Files.exists(position)) {
      return 0;
    }
    String text = Files.readString(position).strip();
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  private static boolean move(FileChannel from, FileChannel to) throws IOException {
    long end = afterLastLine(from);
    for (long at = 0; at < end; ) {
      at += from.transferTo(at, end - at, to);
    }
    to.force(true);
    byte[] torn = new byte[(int) Math.min(from.size() - end, AuditLine.MAX_BYTES)];
    from.read(ByteBuffer.wrap(torn), end);
    from.truncate(0);
    from.write(ByteBuffer.wrap(torn), 0);
    return end > 0;
  }

  /** A torn line that grew longer than any entry ends here as well. */
  private static long afterLastLine(FileChannel from) throws IOException {
    long size = from.size();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (long end = size; end > Math.max(0, size - AuditLine.MAX_BYTES); ) {
      long start = Math.max(0, end - CHUNK);
      chunk.clear().limit((int) (end - start));
      from.read(chunk, start);
      String text = new String(chunk.array(), 0, chunk.position(), StandardCharsets.ISO_8859_1);
      int line = text.lastIndexOf('\n');
      if (line >= 0) {
        return start + line + 1;
      }
      end = start;
    }
    return size > AuditLine.MAX_BYTES ? size : 0;
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }
}
