package io.portcullis.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The folder of the journal: one owner at a time, readable by nobody else, and every change of its
 * list of files on disk before it is relied on.
 *
 * <pre>
 * lock                            held while a node uses the folder; says who
 * position                        the next record to drain; replaced atomically
 * 00000000000000000001.journal    segments, named by their first record
 * quarantine/                     what could not be read or chained, for a person to look at
 * </pre>
 */
final class JournalFolder implements AutoCloseable {
  static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(FILE_MODE);
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path path;
  private final FileChannel lock;

  private JournalFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Takes the folder, making it if need be.
   *
   * @throws IOException when it cannot be used, or another process or node uses it; says which
   */
  static JournalFolder open(Path path) throws IOException {
    Files.createDirectories(path, PRIVATE_FOLDER);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    Path file = path.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PRIVATE_FILE);
    try {
      FileLock held = channel.tryLock();
      if (held == null) {
        throw inUse(path, channel);
      }
    } catch (OverlappingFileLockException e) {
      IOException problem = inUse(path, channel);
      problem.addSuppressed(e);
      throw problem;
    }
    channel.truncate(0);
    channel.write(ascii("process " + ProcessHandle.current().pid() + "\n"), 0);
    return new JournalFolder(path, channel);
  }

  private static IOException inUse(Path path, FileChannel channel) throws IOException {
    ByteBuffer holder = ByteBuffer.allocate(64);
    try (channel) {
      channel.read(holder, 0);
    }
    String who = StandardCharsets.US_ASCII.decode(holder.flip()).toString().strip();
    return new IOException(
        "the audit journal %s is in use by another node (%s): each node needs its own node.state"
            .formatted(path, who.isEmpty() ? "unknown" : who));
  }

  Path path() {
    return path;
  }

  /** The segment files, oldest first. */
  List<Path> segments() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path, "*.journal")) {
      for (Path file : all) {
        if (SegmentHeader.firstSeq(String.valueOf(file.getFileName())).isPresent()) {
          files.add(file);
        }
      }
    }
    Collections.sort(files);
    return files;
  }

  /** A new file that only we may read; its name is on disk when this returns. */
  FileChannel create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE);
    try {
      syncNames(path);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return channel;
  }

  /** The next record to drain; empty when that is not known (then everything is drained again). */
  OptionalLong position() throws IOException {
    try {
      String[] words = Files.readString(path.resolve("position")).strip().split(" ", -1);
      if (words.length == 2 && words[1].equals(checksum(words[0]))) {
        return OptionalLong.of(Long.parseLong(words[0]));
      }
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  /**
   * Remembers the next record to drain. Without {@code durable} a loss of power may bring an older
   * position back, which costs time and nothing else: the chain drops what it has already.
   */
  void position(long seq, boolean durable) throws IOException {
    Path fresh = path.resolve("position.new");
    Files.deleteIfExists(fresh);
    try (FileChannel out =
        FileChannel.open(
            fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE)) {
      out.write(ascii(seq + " " + checksum(Long.toString(seq)) + "\n"));
      if (durable) {
        out.force(true);
      }
    }
    Files.move(fresh, path.resolve("position"), StandardCopyOption.ATOMIC_MOVE);
    if (durable) {
      syncNames(path);
    }
  }

  /**
   * Puts bytes aside under a name.
   *
   * @return false when something of that name was put aside before: then this is no news
   */
  boolean quarantine(String name, ByteBuffer bytes) throws IOException {
    Path folder = path.resolve("quarantine");
    Files.createDirectories(folder, PRIVATE_FOLDER);
    try (FileChannel out =
        FileChannel.open(
            folder.resolve(name),
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PRIVATE_FILE)) {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    syncNames(folder);
    return true;
  }

  /** The bytes of a file from the offset; fewer when it ends earlier. */
  static ByteBuffer read(FileChannel file, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = file.read(bytes, offset + bytes.position());
    }
    return bytes.flip();
  }

  /** Makes created, renamed and deleted names durable. */
  static void syncNames(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(ascii(text));
    return Long.toHexString(crc.getValue());
  }
}
