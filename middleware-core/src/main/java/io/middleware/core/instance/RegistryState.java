package io.middleware.core.instance;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An instance's status, and how it came to it.
 *
 * @param before its status before the last change; null if it never changed
 * @param since  when it changed last, on the ticker's clock
 */
public record RegistryState(RegistryStatus status, @Nullable RegistryStatus before, long since) {

    static RegistryState of(Registration registration) {
        RegistryStatus status = switch (registration.status()) {
            case PASSING -> RegistryStatus.PASSING;
            case FAILING -> RegistryStatus.FAILING;
            case MAINTENANCE -> RegistryStatus.MAINTENANCE;
        };
        return new RegistryState(status, null, 0);
    }

    RegistryState changedTo(RegistryStatus newer, long now) {
        return newer == status ? this : new RegistryState(newer, status, now);
    }

    /** Returns whether it has been in its status for so long. */
    public boolean lasts(Duration duration, long now) {
        return now - since >= duration.toNanos();
    }

    /** Returns whether its check passed until less than so long ago, and fails now. */
    public boolean failsSinceLessThan(Duration duration, long now) {
        return status == RegistryStatus.FAILING && before == RegistryStatus.PASSING && !lasts(duration, now);
    }
}
