package io.portcullis.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the edge needs of this machine: Debian's Nginx with ModSecurity, and the core rule set.
 *
 * @param nginx the program
 * @param version of it, e.g. {@code 1.22.1}
 * @param modules the folder of its modules
 * @param brotli whether the module that compresses with brotli is there
 * @param crsSetup the rule set's own settings
 * @param crsRules the folder of its rules
 */
record EdgePrograms(
    Path nginx, String version, Path modules, boolean brotli, Path crsSetup, Path crsRules) {
  /** What Debian calls them; the launcher installs the same ones. */
  static final List<String> PACKAGES =
      List.of(
          "nginx",
          "libnginx-mod-http-modsecurity",
          "libnginx-mod-http-brotli-filter",
          "modsecurity-crs");

  private static final Path MODULES = Path.of("/usr/lib/nginx/modules");
  private static final Path CRS_RULES = Path.of("/usr/share/modsecurity-crs/rules");
  private static final Path CRS_SETUP = Path.of("/etc/modsecurity/crs/crs-setup.conf");

  /**
   * Looks for them.
   *
   * @param crs another rule set to take
   * @throws LocalFailure that names everything that is missing, and how to get it
   */
  static EdgePrograms find(Optional<Path> crs) {
    List<String> missing = new ArrayList<>();
    Optional<Path> nginx = Executables.find("nginx");
    if (nginx.isEmpty()) {
      missing.add("nginx");
    }
    if (!Files.isReadable(MODULES.resolve("ngx_http_modsecurity_module.so"))) {
      missing.add("its module ModSecurity");
    }
    Path setup = crs.map(EdgePrograms::setup).orElse(CRS_SETUP);
    Path rules = crs.map(folder -> folder.resolve("rules")).orElse(CRS_RULES);
    if (crs.isPresent() && !(Files.isReadable(setup) && Files.isDirectory(rules))) {
      throw LocalFailure.missing(
          "%s holds no core rule set: crs-setup.conf.example and rules/ belong there"
              .formatted(crs.get()));
    }
    if (crs.isEmpty() && !(Files.isReadable(setup) && Files.isDirectory(rules))) {
      missing.add("the OWASP core rule set");
    }
    if (!missing.isEmpty()) {
      throw LocalFailure.missing(
          "up --edge needs %s. On Debian: apt-get install %s"
              .formatted(String.join(", ", missing), String.join(" ", PACKAGES)));
    }
    Path program = nginx.orElseThrow();
    String version =
        Executables.output(List.of(program.toString(), "-v"))
            .map(text -> text.replaceAll(".*nginx/", "").strip())
            .orElse("");
    boolean brotli = Files.isReadable(MODULES.resolve("ngx_http_brotli_filter_module.so"));
    return new EdgePrograms(program, version, MODULES, brotli, setup, rules);
  }

  /** The one that its operator has edited, else the example. */
  private static Path setup(Path crs) {
    Path edited = crs.resolve("crs-setup.conf");
    return Files.isReadable(edited) ? edited : crs.resolve("crs-setup.conf.example");
  }
}
