package io.middleware.load.report;

/** Puts text of others into HTML. */
final class Html {

    private Html() {}

    /** Returns text for content and for attributes in quotes. What HTML does not allow at all becomes a blank. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(allowed(character) ? character : ' ');
            }
        });
        return escaped.toString();
    }

    private static boolean allowed(int character) {
        return !Character.isISOControl(character)
                && Character.getType(character) != Character.SURROGATE
                && (character & 0xfffe) != 0xfffe;
    }

    /** Returns an element with escaped text; {@code start} is its name, with attributes if any. */
    static String element(String start, String text) {
        return "<" + start + ">" + escape(text) + "</" + start.split(" ", 2)[0] + ">";
    }

    /** Returns a number for an attribute, with one decimal at most: more would only lengthen the file. */
    static String number(double number) {
        long tenths = Math.round(number * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }
}
