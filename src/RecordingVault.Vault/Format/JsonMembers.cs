using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace RecordingVault.Vault.Format;

/// <summary>Reads single members strictly: the wrong type, or a value outside its pattern, is <see cref="FormatFailure.BadMember"/>.</summary>
internal static class JsonMembers
{
    /// <summary>Moves to the next member's name, or past the object's end.</summary>
    public static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    public static void RequireObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Bad("An object is missing.");
    }

    public static void RequireArray(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) throw Bad("A list is missing.");
    }

    public static void RequireAll(int seen, int members)
    {
        if (seen != (1 << members) - 1) throw Bad("A member is missing.");
    }

    public static Guid Id(ref Utf8JsonReader reader)
    {
        Span<byte> text = stackalloc byte[36];
        var length = ShortText(ref reader, text);
        return length == text.Length && Utf8Parser.TryParse(text, out Guid id, out var used, 'D') && used == length && !text.ContainsAnyInRange((byte)'A', (byte)'F')
            ? id
            : throw Bad("An id is not 36 lower-case characters.");
    }

    /// <summary>64 lower-case hex digits.</summary>
    public static byte[] Hash(ref Utf8JsonReader reader)
    {
        Span<byte> text = stackalloc byte[64];
        var bytes = new byte[32];
        return ShortText(ref reader, text) == text.Length
            && !text.ContainsAnyInRange((byte)'A', (byte)'F')
            && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done
            ? bytes
            : throw Bad("A salt or digest is not 64 lower-case hex digits.");
    }

    /// <summary>Digits alone. What is larger than any length of ours comes back as <see cref="long.MaxValue"/>.</summary>
    public static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number || reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9')) throw Bad("A number is not written in digits alone.");
        return reader.TryGetInt64(out var number) ? number : long.MaxValue;
    }

    public static bool Truth(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : throw Bad("A truth value is missing.");
    }

    public static bool IsNull(ref Utf8JsonReader reader)
    {
        var ahead = reader;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.Null) return false;
        reader = ahead;
        return true;
    }

    public static string Text(ref Utf8JsonReader reader, int maxBytes)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String) throw Bad("A text is missing.");
        try
        {
            var text = reader.GetString()!;
            if (Encoding.UTF8.GetByteCount(text) > maxBytes) throw new SealedFormatException(FormatFailure.OverLimit, $"A text is longer than {maxBytes} bytes.");
            return text.AsSpan().ContainsAnyInRange('\0', '\x1F') || text.Contains('\x7F', StringComparison.Ordinal) ? throw Bad("A text has control characters.") : text;
        }
        catch (InvalidOperationException)
        {
            throw Bad("A text is not Unicode.");
        }
    }

    public static string? TextOrNull(ref Utf8JsonReader reader, int maxBytes) => IsNull(ref reader) ? null : Text(ref reader, maxBytes);

    public static SealedFormatException Bad(string message) => new(FormatFailure.BadMember, message);

    // Into the caller's few bytes, or -1: a long text in place of an id takes no memory.
    private static int ShortText(ref Utf8JsonReader reader, scoped Span<byte> destination)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String) throw Bad("A text is missing.");
        if (reader.ValueSpan.Length > destination.Length * 6) return -1;
        try
        {
            Span<byte> unescaped = stackalloc byte[reader.ValueSpan.Length];
            var length = reader.CopyString(unescaped);
            if (length > destination.Length) return -1;
            unescaped[..length].CopyTo(destination);
            return length;
        }
        catch (InvalidOperationException)
        {
            return -1;
        }
    }
}
