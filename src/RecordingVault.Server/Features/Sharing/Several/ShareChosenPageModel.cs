using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing.Several;

/// <summary>The form for several recordings and one person, and its answer: the same page with <see cref="Made"/> filled, because links are shown once.</summary>
public sealed record ShareChosenPageModel
{
    public required PageFrame Frame { get; init; }

    public required IReadOnlyList<ChosenToShare> Recordings { get; init; }

    public string RecipientName { get; init; } = "";

    /// <summary>As the form says it: one of <see cref="Terms"/>, or what somebody sent in its place.</summary>
    public string Days { get; init; } = "14";

    /// <summary>What the form offers, in days.</summary>
    public static IReadOnlyList<int> Terms { get; } = [1, 3, 14, 30];

    public bool WithPasscode { get; init; } = true;

    /// <summary>What was refused, with the cure.</summary>
    public string? Error { get; init; }

    public IReadOnlyList<MadeOfSeveral>? Made { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>One for all links of the person, made here.</summary>
    public string? Passcode { get; init; }
}

public sealed record ChosenToShare(Guid Id, string Title);

/// <param name="Url">With its fragment.</param>
public sealed record MadeOfSeveral(Guid RecordingId, string Title, string Url);
