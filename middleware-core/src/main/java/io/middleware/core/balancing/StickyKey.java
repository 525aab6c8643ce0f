package io.middleware.core.balancing;

import io.middleware.core.Hash64;
import io.middleware.core.StickyRule;

/**
 * By what a call is sticky. The key itself is not kept, as it may name a person.
 *
 * @param rule where the key was found
 * @param hash of the key
 */
public record StickyKey(StickyRule rule, long hash) {
    public static StickyKey of(StickyRule rule, CharSequence key) {
        return new StickyKey(rule, Hash64.of(key));
    }
}
