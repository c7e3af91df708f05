package io.portcullis.limit;

import java.util.List;

/**
 * Sees every answer of Redis, on the event loop of its request; tests hold them to an exact log.
 */
@FunctionalInterface
interface VerdictObserver {
  void decided(List<Charge> charges, int cost, WindowScript.Verdict verdict);
}
