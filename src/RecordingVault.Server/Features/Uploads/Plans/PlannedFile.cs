namespace RecordingVault.Server.Features.Uploads.Plans;

/// <summary>What a file seems to be by its name. Its bytes have the last word, later.</summary>
internal enum FileLook
{
    Other,
    Video,
    Audio,
    Captions,
    Text,
}

/// <summary>A file by its name.</summary>
internal sealed record PlannedFile
{
    private static readonly HashSet<string> Video = new(StringComparer.OrdinalIgnoreCase)
        { ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".asf", ".mpg", ".mpeg", ".ts", ".m2ts", ".3gp", ".flv", ".ogv" };

    private static readonly HashSet<string> Audio = new(StringComparer.OrdinalIgnoreCase)
        { ".mp3", ".m4a", ".mka", ".wav", ".flac", ".ogg", ".oga", ".opus", ".aac", ".wma", ".aif", ".aiff" };

    public PlannedFile(string path, long sizeInBytes)
    {
        (Path, SizeInBytes) = (path, sizeInBytes);
        var slash = path.LastIndexOf('/');
        Folder = slash < 0 ? "" : path[..slash];
        Name = path[(slash + 1)..];
        Stem = System.IO.Path.GetFileNameWithoutExtension(Name);
        Look = System.IO.Path.GetExtension(Name) is var ending && Video.Contains(ending) ? FileLook.Video
            : Audio.Contains(ending) ? FileLook.Audio
            : Is(ending, ".vtt") || Is(ending, ".srt") ? FileLook.Captions
            : Is(ending, ".txt") || Is(ending, ".json") ? FileLook.Text
            : FileLook.Other;
    }

    public string Path { get; }

    public long SizeInBytes { get; }

    /// <summary>Empty for what stands alone.</summary>
    public string Folder { get; }

    public string Name { get; }

    /// <summary>The name without its ending.</summary>
    public string Stem { get; }

    public FileLook Look { get; }

    public bool IsMedia => Look is FileLook.Video or FileLook.Audio;

    /// <summary>A text or captions file says in its name what it is; null when it does not.</summary>
    public string? RoleByName => Look is not (FileLook.Captions or FileLook.Text) ? null
        : Has("transcript") ? "transcript"
        : Has("chat") ? "chat"
        : Look == FileLook.Captions ? "captions"
        : null;

    private bool Has(string word) => Name.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
