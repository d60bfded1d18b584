namespace RecordingVault.Server.Features.Consent.Evidence;

/// <summary>What a piece of evidence can be: nothing that a browser would run.</summary>
internal enum EvidenceKind
{
    Pdf,
    Png,
    Jpeg,
    Mp3,
    M4a,
    Wav,
    Ogg,

    /// <summary>A letter as mail programs save it.</summary>
    Mail,
    Text,
}

/// <summary>Tells a kind by the first bytes; what a file is called, and what the sender says that it is, count for nothing.</summary>
internal static class EvidenceKinds
{
    /// <summary>With so many bytes, or all that there are, the kind is told.</summary>
    public const int NeededBytes = 4_096;

    private const int LongestBrands = 256;

    /// <summary>The fields with which a letter begins, by RFC 5322 and the programs that carry it on.</summary>
    private static readonly string[] s_letterFields =
        ["received", "return-path", "delivered-to", "from", "to", "cc", "subject", "date", "message-id", "mime-version", "reply-to", "sender", "content-type", "dkim-signature", "authentication-results"];

    /// <summary>Null where it is nothing that is taken.</summary>
    public static EvidenceKind? Find(ReadOnlySpan<byte> first) =>
        first.IsEmpty ? null
        : first.StartsWith("%PDF-"u8) ? EvidenceKind.Pdf
        : first.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? EvidenceKind.Png
        : first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? EvidenceKind.Jpeg
        : first.StartsWith("OggS"u8) ? EvidenceKind.Ogg
        : first.Length >= 12 && first.StartsWith("RIFF"u8) && first[8..].StartsWith("WAVE"u8) ? EvidenceKind.Wav
        : IsM4a(first) ? EvidenceKind.M4a
        : first.StartsWith("ID3"u8) || IsMp3Frame(first) ? EvidenceKind.Mp3
        : !IsText(first) ? null
        : IsLetter(first) ? EvidenceKind.Mail
        : EvidenceKind.Text;

    public static string MediaType(this EvidenceKind kind) => kind switch
    {
        EvidenceKind.Pdf => "application/pdf",
        EvidenceKind.Png => "image/png",
        EvidenceKind.Jpeg => "image/jpeg",
        EvidenceKind.Mp3 => "audio/mpeg",
        EvidenceKind.M4a => "audio/mp4",
        EvidenceKind.Wav => "audio/wav",
        EvidenceKind.Ogg => "audio/ogg",
        EvidenceKind.Mail => "message/rfc822",
        _ => "text/plain",
    };

    /// <summary>Whether every byte of it has to be one of a text.</summary>
    public static bool IsText(this EvidenceKind kind) => kind is EvidenceKind.Mail or EvidenceKind.Text;

    /// <summary>No control characters but those of lines and tabs. Letters beyond ASCII are left as they are: older mail has them in any coding.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var letter in bytes)
        {
            if (letter is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f') or 0x7F)
                return false;
        }

        return true;
    }

    /// <summary>An ISO file that says of itself that it is sound alone.</summary>
    private static bool IsM4a(ReadOnlySpan<byte> first)
    {
        if (first.Length < 16 || !first[4..].StartsWith("ftyp"u8))
            return false;
        var length = Math.Min(Math.Min((int)Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(first), int.MaxValue), first.Length), LongestBrands);
        for (var at = 8; at + 4 <= length; at += 4)
        {
            if (at != 12 && (first[at..].StartsWith("M4A "u8) || first[at..].StartsWith("M4B "u8)))
                return true;
        }

        return false;
    }

    /// <summary>The head of a frame of MPEG audio, layer III.</summary>
    private static bool IsMp3Frame(ReadOnlySpan<byte> first) =>
        first.Length >= 4 && first[0] == 0xFF && (first[1] & 0xE6) == 0xE2 && (first[1] & 0x18) != 0x08 && (first[2] & 0xF0) is not (0x00 or 0xF0) && (first[2] & 0x0C) != 0x0C;

    private static bool IsLetter(ReadOnlySpan<byte> first)
    {
        var colon = first.IndexOf((byte)':');
        if (colon is <= 0 or > 40)
            return false;
        var field = System.Text.Encoding.Latin1.GetString(first[..colon]);
        return s_letterFields.Contains(field, StringComparer.OrdinalIgnoreCase);
    }
}
