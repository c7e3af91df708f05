package io.portcullis.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept on disk, and what is told to people. */
class StateTest {
  private final Path folder;

  StateTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void secret_isMadeOnceAndOnlyForItsOwner() throws IOException {
    Secrets secrets = Secrets.open(folder.resolve("secrets"));
    String redis = secrets.get(Secrets.REDIS);
    assertEquals(32, redis.length());
    assertEquals(redis, Secrets.open(folder.resolve("secrets")).get(Secrets.REDIS));
    assertNotEquals(redis, secrets.get(Secrets.POSTGRES_APP));
    assertEquals("rwx------", permissions(folder.resolve("secrets")));
    assertEquals("rw-------", permissions(folder.resolve("secrets/redis")));
  }

  @Test
  void build_thatFails_leavesNoFolder() throws IOException {
    Path target = folder.resolve("made");
    assertThrows(
        IOException.class,
        () ->
            Folders.build(
                target,
                draft -> {
                  Files.writeString(draft.resolve("half"), "");
                  throw new IOException("disk full");
                }));
    assertFalse(Files.exists(target));
    Folders.build(target, draft -> Files.writeString(draft.resolve("whole"), ""));
    assertTrue(Files.exists(target.resolve("whole")));
    assertFalse(Files.exists(target.resolve("half")));
    Folders.build(target, draft -> Files.writeString(draft.resolve("again"), ""));
    assertFalse(Files.exists(target.resolve("again")));
  }

  @Test
  void delete_doesNotFollowLinks() throws IOException {
    Path kept = Files.writeString(Files.createDirectory(folder.resolve("kept")).resolve("f"), "");
    Path doomed = Files.createDirectory(folder.resolve("doomed"));
    Files.createSymbolicLink(doomed.resolve("link"), kept.getParent());
    Folders.delete(doomed);
    assertFalse(Files.exists(doomed));
    assertTrue(Files.exists(kept));
  }

  @Test
  void copy_keepsPermissionsAndLinks() throws IOException {
    Path from = Files.createDirectory(folder.resolve("from"));
    Files.setPosixFilePermissions(from, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(from.resolve("link"), Path.of("elsewhere"));
    Path to = folder.resolve("to");
    Folders.copy(from, to);
    assertEquals("rwx------", permissions(to));
    assertEquals(Path.of("elsewhere"), Files.readSymbolicLink(to.resolve("link")));
  }

  @Test
  void lock_takenTwice_namesTheHolderUntilItIsReleased() {
    Path run = folder.resolve("state/run");
    try (InstanceLock held = InstanceLock.take(run)) {
      assertTrue(held != null);
      var failure = assertThrows(LocalFailure.class, () -> InstanceLock.take(run));
      long pid = ProcessHandle.current().pid();
      assertEquals(
          "It is already running, pid %d (in %s). Stop it with Ctrl-C there, or: kill %d"
              .formatted(pid, folder.resolve("state"), pid),
          failure.getMessage());
    }
    InstanceLock.take(run).close();
  }

  @Test
  void addresses_areKnownOnlyWhileTheSystemRuns() {
    Path run = folder.resolve("run");
    assertEquals(Optional.empty(), Addresses.keycloak(folder));
    try (InstanceLock held = InstanceLock.take(run)) {
      assertTrue(held != null);
      Addresses.write(run, new Ports(1, 2, 3, 4, 5));
      assertEquals(Optional.of(URI.create("http://127.0.0.1:3")), Addresses.keycloak(folder));
    }
    assertEquals(Optional.empty(), Addresses.keycloak(folder));
  }

  @Test
  void tail_ofALongLog_isItsLastLines() throws IOException {
    Path path = Files.writeString(folder.resolve("x.log"), "line\n".repeat(20_000) + "a\n\nb\n");
    assertEquals(java.util.List.of("line", "a", "b"), new LogFile(path).tail(3));
    assertEquals(java.util.List.of(), new LogFile(folder.resolve("none.log")).tail(3));
  }

  @Test
  void progress_withoutTerminal_isPlainLines() {
    var text = new StringWriter();
    var progress = new ConsoleProgress(new PrintWriter(text), false);
    progress.working("Keycloak 26.7.3", "starting");
    progress.working("PostgreSQL 17.11", "unpacking");
    progress.ready("PostgreSQL 17.11", 2649, "127.0.0.1:15432");
    assertEquals(
        """
          PostgreSQL 17.11   unpacking
          PostgreSQL 17.11   ready    2.6 s   127.0.0.1:15432
        """,
        text.toString());
  }

  @Test
  void progress_onATerminal_changesItsLastLine() {
    var text = new StringWriter();
    var progress = new ConsoleProgress(new PrintWriter(text), true);
    progress.working("Redis 7.0.15", "starting");
    progress.ready("Redis 7.0.15", 51, "127.0.0.1:16379");
    assertEquals(
        "\r\u001b[K  … Redis 7.0.15 starting\r\u001b[K"
            + "  Redis 7.0.15       ready    0.1 s   127.0.0.1:16379\n\r\u001b[K",
        text.toString());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
