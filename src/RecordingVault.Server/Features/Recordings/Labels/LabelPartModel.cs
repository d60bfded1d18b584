namespace RecordingVault.Server.Features.Recordings.Labels;

/// <summary>Who may see a recording, as its label says it; and the form that changes it.</summary>
public sealed record LabelPartModel
{
    public required Guid RecordingId { get; init; }

    /// <summary>The label that it has: public, internal, confidential or restricted.</summary>
    public required string Current { get; init; }

    /// <summary>As the form says it.</summary>
    public required string Chosen { get; init; }

    public required string TenantName { get; init; }

    /// <summary>Whether this member may show it to more people.</summary>
    public required bool MayLoosen { get; init; }

    /// <summary>As the form says it.</summary>
    public string Reason { get; init; } = "";

    public string? ReasonError { get; init; }

    /// <summary>Why nothing was changed, with the cure.</summary>
    public string? Error { get; init; }

    /// <summary>The member shows again who he is, and sends the form once more.</summary>
    public bool NeedsSignIn { get; init; }

    /// <summary>The tightest first; looser ones are absent where they are not this member's to choose.</summary>
    public IReadOnlyList<LabelChoice> Choices
    {
        get
        {
            LabelChoice[] all =
            [
                new("restricted", "Restricted", "Owners, admins and whoever added it. No link opens it."),
                new("confidential", "Confidential", "Every member who may see recordings, and whoever was given a link."),
                new("internal", "Internal", "The same people. It is marked as meant for the organisation."),
                new("public", "Public", "The same people. It is marked as fit for everybody."),
            ];
            var at = Array.FindIndex(all, choice => choice.Name == Current);
            return [.. all.Select((choice, index) => choice with { IsLooser = index > at }).Where(choice => MayLoosen || !choice.IsLooser)];
        }
    }
}

/// <param name="Name">As the API calls it.</param>
/// <param name="Hint">Who can see it then.</param>
public sealed record LabelChoice(string Name, string Words, string Hint)
{
    public bool IsLooser { get; init; }
}
