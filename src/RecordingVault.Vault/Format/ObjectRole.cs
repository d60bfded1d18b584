using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Format;

/// <summary>What a sealed object is for. The number stands in its header, so an object can't be passed off as another (sealed-format.md, header).</summary>
public enum ObjectRole : byte
{
    Manifest = 1,
    OriginalSegment = 2,
    Rendition = 3,
    Poster = 4,
    Thumbnails = 5,
    Waveform = 6,
    Captions = 7,
    Transcript = 8,
    Chat = 9,
    Layout = 10,
    SearchWords = 11,
    Evidence = 12,
    ExportPackage = 13,
    MarkedFront = 14,
    Card = 15,
}

internal static class ObjectRoles
{
    private static readonly string[] Folders =
    [
        "manifest", "original", "rendition", "poster", "thumbnails", "waveform", "captions", "transcript", "chat", "layout", "search-words",
        "evidence", "export-package", "marked-front", "card",
    ];

    public static bool IsKnown(byte role) => role is >= (byte)ObjectRole.Manifest and <= (byte)ObjectRole.Card;

    /// <summary>Whether a manifest may list it: not itself, not the card, and not what lies under an owner of its own.</summary>
    public static bool IsAsset(long role) =>
        role is >= (int)ObjectRole.OriginalSegment and <= (int)ObjectRole.SearchWords or (int)ObjectRole.MarkedFront;

    /// <summary>The kind of key that seals it. A key of another kind is a mistake of the caller.</summary>
    public static KeyKind OwnerKind(this ObjectRole role) => role switch
    {
        ObjectRole.Evidence => KeyKind.Evidence,
        ObjectRole.ExportPackage => KeyKind.Export,
        _ => KeyKind.Recording,
    };

    public static string Folder(this ObjectRole role) => Folders[(int)role - 1];

    public static bool TryParseFolder(string folder, out ObjectRole role)
    {
        var index = Array.IndexOf(Folders, folder);
        role = (ObjectRole)(index + 1);
        return index >= 0;
    }
}
