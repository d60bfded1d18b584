using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace RecordingVault.Vault.Format;

/// <summary>
/// The first pass over a manifest or a card: one JSON value in clean UTF-8, no member twice, `format` 1. Nothing else is looked at before this is
/// sure, and nothing is kept, so what is refused here took no memory.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 8;
    private const int MaxMembers = 32;

    public static Utf8JsonReader Reader(ReadOnlySpan<byte> text) => new(text, new JsonReaderOptions { MaxDepth = MaxDepth });

    public static void RequireFormatOne(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text) || text.StartsWith("\uFEFF"u8)) throw new SealedFormatException(FormatFailure.NotJson, "The text is not UTF-8 without a byte order mark.");
        try
        {
            var (formatIsOne, hasUnknownName) = Walk(text);
            if (!formatIsOne) throw new SealedFormatException(FormatFailure.UnknownFormat, "The text is of a format that this program does not know.");
            if (hasUnknownName) throw new SealedFormatException(FormatFailure.BadMember, "An object has a member that is none of ours.");
        }
        catch (JsonException)
        {
            throw new SealedFormatException(FormatFailure.NotJson, "The text is not one JSON value.");
        }
    }

    private static (bool FormatIsOne, bool HasUnknownName) Walk(ReadOnlySpan<byte> text)
    {
        var reader = Reader(text);
        var namesAtDepth = new List<string>?[MaxDepth + 1];
        var formatIsOne = false;
        var hasUnknownName = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject) namesAtDepth[reader.CurrentDepth + 1]?.Clear();
            if (reader.TokenType != JsonTokenType.PropertyName) continue;

            var names = namesAtDepth[reader.CurrentDepth] ??= [];
            // No object of ours has as many members: one of them is unknown, and a list of them all would be memory for the asking.
            if (names.Count == MaxMembers || NameOf(ref reader) is not { } name)
            {
                hasUnknownName = true;
                continue;
            }
            if (names.Contains(name)) throw new SealedFormatException(FormatFailure.NotJson, "A member stands twice in one object.");
            names.Add(name);
            if (reader.CurrentDepth == 1 && name == "format") formatIsOne = NextIsOne(reader);
        }
        return (formatIsOne, hasUnknownName);
    }

    // A copy of the reader looks one token ahead.
    private static bool NextIsOne(Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.ValueSpan.SequenceEqual("1"u8);

    // Null for what is no text: half a letter, written as an escape. The reader tells only when it is asked.
    private static string? NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            // Known names are not made anew for each of 65,536 segments.
            if (reader.ValueTextEquals("id"u8)) return "id";
            if (reader.ValueTextEquals("salt"u8)) return "salt";
            return reader.ValueTextEquals("length"u8) ? "length" : reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
