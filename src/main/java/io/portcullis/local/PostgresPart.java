package io.portcullis.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * PostgreSQL from its packaged binaries: SCRAM passwords, 127.0.0.1 only, no Unix socket.
 *
 * <p>PostgreSQL refuses to be root. For root it runs in a user namespace of its own, in which it is
 * nobody in particular while the files stay root's.
 */
final class PostgresPart implements LocalPart {
  static final String SUPERUSER = "postgres";
  static final String DATABASE = "portcullis";
  private static final Duration TOOL_LIMIT = Duration.ofMinutes(1);

  private final Path binaries;
  private final Path data;
  private final int port;
  private final Secrets secrets;
  private final LogFile setupLog;

  PostgresPart(Path binaries, Path data, int port, Secrets secrets, LogFile setupLog) {
    this.binaries = binaries;
    this.data = data;
    this.port = port;
    this.secrets = secrets;
    this.setupLog = setupLog;
  }

  @Override
  public Part part() {
    return Part.POSTGRESQL;
  }

  @Override
  public String title() {
    return "PostgreSQL " + Versions.POSTGRES;
  }

  @Override
  public String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void prepare(Consumer<String> state) {
    if (!Files.isDirectory(binaries)) {
      state.accept("unpacking");
    }
    PostgresBinaries.unpack(binaries);
    if (!Files.isDirectory(data)) {
      state.accept("creating the database");
      try {
        Folders.build(data, this::initialise);
      } catch (IOException e) {
        throw new LocalFailure("PostgreSQL's data cannot be created: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public ProcessBuilder process() {
    return builder(
        "postgres",
        List.of(
            "-D", data.toString(),
            "-c", "listen_addresses=127.0.0.1",
            "-c", "port=" + port,
            "-c", "unix_socket_directories=",
            "-c", "timezone=UTC",
            "-c", "log_timezone=UTC",
            "-c", "jit=off",
            "-c", "shared_buffers=64MB"));
  }

  /** Reads the state that the server writes into its own pid file, as pg_ctl does. */
  @Override
  public boolean ready(ProcessHandle process) {
    try {
      List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
      return lines.size() >= 8
          && lines.get(0).strip().equals(Long.toString(process.pid()))
          && lines.get(7).strip().equals("ready");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Duration startLimit() {
    return Duration.ofMinutes(1);
  }

  private void initialise(Path folder) throws IOException {
    Path password =
        Files.createTempFile(
            "pc",
            ".pw",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(password, secrets.get(Secrets.POSTGRES_SUPERUSER));
      run(
          "initdb",
          List.of(
              "--pgdata=" + folder,
              "--username=" + SUPERUSER,
              "--pwfile=" + password,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8"));
    } finally {
      Files.delete(password);
    }
    Path statement = folder.resolve("create.sql");
    Files.writeString(statement, "CREATE DATABASE " + DATABASE + "\n");
    ProcessBuilder single =
        builder("postgres", List.of("--single", "-D", folder.toString(), "postgres"))
            .redirectInput(statement.toFile());
    Executables.run(part(), "creation of the database", single, setupLog, TOOL_LIMIT);
    Files.delete(statement);
  }

  private void run(String tool, List<String> arguments) {
    Executables.run(part(), tool, builder(tool, arguments), setupLog, TOOL_LIMIT);
  }

  private ProcessBuilder builder(String tool, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(unprivileged());
    }
    command.add(binaries.resolve("bin").resolve(tool).toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    return builder;
  }

  private static List<String> unprivileged() {
    List<String> unshare = List.of("unshare", "-U");
    List<String> probe = new ArrayList<>(unshare);
    probe.addAll(List.of("id", "-u"));
    if (Executables.output(probe).filter(id -> !id.equals("0")).isEmpty()) {
      throw new LocalFailure(
          "PostgreSQL does not run as root, and this machine does not let root drop its rights"
              + " (unshare -U). Run as an ordinary user.");
    }
    return unshare;
  }
}
