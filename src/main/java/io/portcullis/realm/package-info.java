/**
 * Keycloak's realm as data: reads the files, brings a running Keycloak to what they say, tells how
 * it differs. Blocking, for commands. May import json, config and model.
 */
@NullMarked
package io.portcullis.realm;

import org.jspecify.annotations.NullMarked;
