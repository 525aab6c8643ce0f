package io.middleware.load;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Several targets called in turn, like so many callers with a connection each. All calls must come from one thread. */
final class SpreadTarget implements Target {

    private final List<Target> targets;
    private int next;

    private SpreadTarget(List<Target> targets) {
        this.targets = targets;
    }

    /** @param number number of targets, from 1 */
    static Target over(int number, Supplier<Target> connected) {
        return number == 1
                ? connected.get()
                : new SpreadTarget(Stream.generate(connected).limit(number).toList());
    }

    @Override
    public void call(String callId, Consumer<Reply> end) {
        Target target = targets.get(next);
        next = (next + 1) % targets.size();
        target.call(callId, end);
    }

    @Override
    public void close() {
        targets.forEach(Target::close);
    }
}
