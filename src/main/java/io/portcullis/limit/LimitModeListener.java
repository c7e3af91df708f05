package io.portcullis.limit;

import io.portcullis.model.Decision;

/** Is told when decisions begin to come from somewhere else, at most once a second. */
@FunctionalInterface
public interface LimitModeListener {
  /**
   * The mode has changed.
   *
   * @param from the mode before
   * @param to the mode now
   * @param reason why: the code of Redis' last failure; {@code recovered} on the way back
   */
  void changed(Decision.Mode from, Decision.Mode to, String reason);
}
