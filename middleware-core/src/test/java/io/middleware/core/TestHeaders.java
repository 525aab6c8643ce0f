package io.middleware.core;

/** Headers with a status and nothing else. */
record TestHeaders(Code code) implements Headers {
    static final TestHeaders NONE = new TestHeaders(Code.UNKNOWN);

    @Override
    public CharSequence get(CharSequence name) {
        return null;
    }
}
