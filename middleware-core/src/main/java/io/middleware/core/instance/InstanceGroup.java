package io.middleware.core.instance;

import io.middleware.core.Counts;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import java.util.List;

/** What the instances of one service share, and what they know of that service. */
public interface InstanceGroup {
    /** Returns the service's name in the registry. */
    String name();

    /** Returns every known instance of the service, whatever its state; an immutable snapshot. */
    List<Instance> instances();

    /** Returns how the calls in flight at one instance are limited. */
    Settings.Limit limit();

    Ticker ticker();

    Counts counts();

    /** Called when the health of an instance has changed. Does not block, as event loops call it. */
    void onHealthChanged();
}
