package io.middleware.core.retry;

import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds the load that retries add, so that retries do not bury a service in trouble.
 *
 * <pre>
 * balance  = min(10 * floor, capacity)   at the start
 * balance += ratio              for each call
 * balance += floor * seconds    as time passes
 * balance  = min(balance, capacity)
 * a retry takes 1, and is refused if the balance is below 1
 * </pre>
 *
 * <p>Source: the retry budget of Finagle (20 % of calls and 10 a second). Lock-free; two additions a call.
 */
public final class RetryBudget {
    private static final long UNIT = 1_000_000;

    private final Ticker ticker;
    private final long perCall;
    private final long floorPerSecond;
    private final long capacity;
    private final AtomicLong balance;
    private final AtomicLong refilledAt;
    private final LongAdder calls = new LongAdder();

    public RetryBudget(Settings.Budget settings, Ticker ticker) {
        this.ticker = ticker;
        this.perCall = Math.round(settings.ratio() * UNIT);
        this.floorPerSecond = settings.floor();
        this.capacity = settings.capacity() * UNIT;
        this.balance = new AtomicLong(Math.min(capacity, 10L * floorPerSecond * UNIT));
        this.refilledAt = new AtomicLong(ticker.nanos());
    }

    /** Called for each new call. */
    public void deposit() {
        calls.increment();
        if (balance.get() < capacity) {
            balance.addAndGet(perCall);
        }
    }

    /** Takes one retry from the budget; false if none is left. */
    public boolean withdraw() {
        refill();
        long before;
        do {
            before = balance.get();
            if (before < UNIT) {
                return false;
            }
        } while (!balance.compareAndSet(before, before - UNIT));
        return true;
    }

    /** Returns the retries that are left at the moment. */
    public double left() {
        refill();
        return (double) balance.get() / UNIT;
    }

    /** Returns how many calls have paid in. */
    public long calls() {
        return calls.sum();
    }

    private void refill() {
        long now = ticker.nanos();
        long last = refilledAt.get();
        long gained = (long) ((now - last) / 1e9 * floorPerSecond * UNIT);
        // the thread that wins adds; a gain of less than a hundredth waits, so that rounding loses nothing
        if (gained >= UNIT / 100 && refilledAt.compareAndSet(last, now)) {
            balance.updateAndGet(b -> Math.min(capacity, b + Math.min(capacity, gained)));
        }
    }
}
