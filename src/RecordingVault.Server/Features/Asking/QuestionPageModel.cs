using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Asking;

/// <summary>GET /c/{id} with the link's cookie, and the same again when an answer had to be put back.</summary>
public sealed record QuestionPageModel
{
    /// <summary>Of the organisation that asks.</summary>
    public required PageFrame Frame { get; init; }
    public required Guid LinkId { get; init; }

    /// <summary>The person, as the recording names him.</summary>
    public required string Name { get; init; }
    public required string Title { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public TimeSpan? Duration { get; init; }

    /// <summary>Who else is named as recorded.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];
    public required IReadOnlyList<AskedUse> Uses { get; init; }

    /// <summary>Null where the account of whoever asked is gone.</summary>
    public string? AskedBy { get; init; }
    public string? ContactEmail { get; init; }
    public string? Note { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether a yes is taken that was not given before; else he can only take back.</summary>
    public required bool MayGive { get; init; }

    /// <summary>He came by his receipt.</summary>
    public bool IsReceipt { get; init; }
    public string Signature { get; init; } = "";
    public bool IsSignatureWrong { get; init; }

    /// <summary>What he reads, as his answer names it.</summary>
    public string TextVersion { get; init; } = "";
    public string TextLanguage { get; init; } = "";

    /// <summary>The organisation's own words; null where they are the vault's.</summary>
    public OwnQuestion? Own { get; init; }

    /// <summary>He said yes to other words than these.</summary>
    public bool IsReworded { get; init; }

    /// <summary>Whether he answered before.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>Null where he may not watch it.</summary>
    public PlayerModel? Player { get; init; }
}

/// <summary>Words of the organisation's own, as this person is shown them.</summary>
/// <param name="Uses">By purpose, what stands below its name; of those without, the vault's words.</param>
public sealed record OwnQuestion(string Title, IReadOnlyList<string> Paragraphs, IReadOnlyDictionary<string, string> Uses);

/// <param name="Name">The purpose's, as the API has it; the texts are found by it.</param>
/// <param name="Yes">What counts, or what he had chosen; null where he said nothing yet.</param>
public sealed record AskedUse(string Name, bool? Yes);

/// <summary>The answer to a kept answer: the receipt's link is shown this once.</summary>
public sealed record ThanksPageModel
{
    public required PageFrame Frame { get; init; }
    public required Guid LinkId { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<AskedUse> Uses { get; init; }

    /// <summary>The purposes that he had agreed to before.</summary>
    public IReadOnlyList<string> TakenBack { get; init; } = [];

    /// <summary>With its fragment.</summary>
    public required string ReceiptUrl { get; init; }

    /// <summary>It goes to him by letter too.</summary>
    public bool IsMailed { get; init; }
    public string? AskedBy { get; init; }
    public string? ContactEmail { get; init; }
}
