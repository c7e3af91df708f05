/**
 * What the web application firewall in front of the gateway has refused: read from its audit log,
 * masked, counted, handed to the trail. May import json, config and model.
 */
@NullMarked
package io.portcullis.waf;

import org.jspecify.annotations.NullMarked;
