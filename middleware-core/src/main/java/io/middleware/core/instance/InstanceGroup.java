package io.middleware.core.instance;

import io.middleware.core.Counts;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import java.util.List;

/** What the instances of one service share, and what they know of that service. */
public interface InstanceGroup {
    /** Returns the service's name in the registry. */
    String name();

    /** Returns every instance of the service that is in use, whatever its state; an immutable snapshot. */
    List<Instance> instances();

    /** Returns the settings of calls, by which instances are limited and spared. */
    Settings settings();

    Ticker ticker();

    Counts counts();

    /** Called when the health of an instance has changed. Does not block, as event loops call it. */
    void onHealthChanged();
}
