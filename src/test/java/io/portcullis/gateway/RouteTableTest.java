package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTableTest {
  private final RouteTable table =
      new RouteTable(
          List.of(
              route("me", "/api/v1/me", Set.of("GET"), new Target.Local("me")),
              route("things", "/api/v1/things", Set.of("GET", "POST"), service("thing")),
              route(
                  "thing",
                  "/api/v1/things/{id}",
                  Set.of("GET", "PATCH", "DELETE"),
                  service("thing")),
              route("special", "/api/v1/things/special", Set.of("GET"), new Target.Local("quota")),
              route("parts", "/api/v1/things/{id}/parts", Set.of("POST"), service("part")),
              route("files", "/files/*", Set.of("GET"), new Target.Upstream("files"))));

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/me, me, ''",
    "GET, /api/v1/things, things, thing.list",
    "POST, /api/v1/things, things, thing.create",
    "GET, /api/v1/things/7, thing, thing.get",
    "PATCH, /api/v1/things/7, thing, thing.update",
    "DELETE, /api/v1/things/7, thing, thing.delete",
    "GET, /api/v1/things/special, special, ''",
    "POST, /api/v1/things/special/parts, parts, part.create",
    "GET, /files/a/b.txt, files, ''"
  })
  void find_knownPath_givesItsOperation(String method, String path, String name, String operation) {
    RouteTable.Match match = table.find(method, path);
    assertEquals(name, match.route().config().name());
    assertEquals(operation, match.route().operation());
  }

  @Test
  void find_template_decodesItsParameters() {
    assertEquals(Map.of("id", "é"), table.find("GET", "/api/v1/things/%C3%A9").path());
    assertEquals(Map.of(), table.find("GET", "/api/v1/me").path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api",
        "/api/v1",
        "/api/v1/me/",
        "/API/v1/me",
        "/api/v1/things/7/",
        "/api/v1/things/7/parts/1"
      })
  void find_unknownPath_isNotFound(String path) {
    Rejection refused = assertThrows(Rejection.class, () -> table.find("GET", path));
    assertEquals(Problem.NOT_FOUND, refused.problem());
  }

  @Test
  void find_wrongMethod_namesTheRightOnes() {
    var refused =
        assertThrows(
            RouteTable.MethodNotAllowed.class, () -> table.find("PUT", "/api/v1/things/7"));
    assertEquals("DELETE, GET, PATCH", refused.allow);
    assertThrows(RouteTable.MethodNotAllowed.class, () -> table.find("HEAD", "/api/v1/me"));
  }

  @Test
  void constructor_sameMethodAndPathTwice_isRefused() {
    RouteConfig twice = route("me", "/api/v1/me", Set.of("GET"), new Target.Local("me"));
    assertThrows(IllegalArgumentException.class, () -> new RouteTable(List.of(twice, twice)));
  }

  @Test
  void all_indexesEveryRouteByItsPlace() {
    List<RouteTable.Route> all = table.all();
    for (int i = 0; i < all.size(); i++) {
      assertEquals(i, all.get(i).index());
    }
    assertEquals(9, all.size());
  }

  private static Target service(String operation) {
    return new Target.Service("chat", operation);
  }

  private static RouteConfig route(String name, String path, Set<String> methods, Target target) {
    return Samples.route(name, path, methods, target, Access.TENANT);
  }
}
