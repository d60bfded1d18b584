using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>GET /retention/schedules.</summary>
public sealed record SchedulesPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>The most specific first, without those for single recordings.</summary>
    public required IReadOnlyList<ScheduleResponse> Schedules { get; init; }

    /// <summary>The newest changes; to Owners and Admins.</summary>
    public IReadOnlyList<ChangeResponse> Changes { get; init; } = [];

    public required bool MayManage { get; init; }
}

/// <summary>The form of a new schedule or of one that is there, before and after its first button.</summary>
public sealed record ScheduleFormPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>Null for a new one.</summary>
    public Guid? Id { get; init; }

    public required ScheduleForm Form { get; init; }

    /// <summary>For what it may be, by what the form says of it; of one that is there, or of one for a single recording, just that.</summary>
    public required IReadOnlyList<(string Value, string Words)> Targets { get; init; }

    public PreviewResponse? Preview { get; init; }

    /// <summary>What the form brings along so that what counts is what was shown.</summary>
    public string Shown { get; init; } = "";

    public bool IsRemoving { get; init; }

    /// <summary>The form, or the rules, changed between both buttons.</summary>
    public bool IsShownAgain { get; init; }

    public ChangeResponse? Waiting { get; init; }

    public string? Error { get; init; }

    /// <summary>The form's field beside which the error stands.</summary>
    public string? ErrorField { get; init; }

    public bool NeedsSignIn { get; init; }

    public string Address => Id is { } id ? $"{SchedulePages.Path}/{id}" : Form.For.StartsWith("recording:", StringComparison.Ordinal) ? $"{SchedulePages.Path}/new?recording={Form.For[10..]}" : $"{SchedulePages.Path}/new";
}

/// <summary>As it was typed: a form that comes back keeps what was in it.</summary>
/// <param name="For">Scope and target as tenant, label:internal or collection:{id}.</param>
/// <param name="KeepCount">Empty for no obligation.</param>
/// <param name="DisposeCount">Empty for no wish.</param>
public sealed record ScheduleForm(string Name, string For, string Trigger, string KeepCount, string KeepUnit, string DisposeCount, string DisposeUnit, string Action, string Grace, string Reason)
{
    public static readonly ScheduleForm New = new("", "tenant", "recorded", "", "D", "", "D", "review", "30", "");

    public string? KeepAtLeast => Period(KeepCount, KeepUnit);

    public string? DisposeAfter => Period(DisposeCount, DisposeUnit);

    private static string? Period(string count, string unit) => count.Trim() is { Length: > 0 } number ? $"P{number}{unit}" : null;
}

/// <summary>GET /retention/changes/{id}.</summary>
public sealed record ChangePageModel
{
    public required PageFrame Frame { get; init; }

    public required ChangeResponse Change { get; init; }

    /// <summary>As it is now; null where it is gone.</summary>
    public ScheduleResponse? Schedule { get; init; }

    /// <summary>The rule as it would be; null where it is to go.</summary>
    public string? Wanted { get; init; }

    /// <summary>Who reads is who asked: somebody else decides.</summary>
    public required bool IsReaders { get; init; }

    public string Word { get; init; } = "";

    public string? WordError { get; init; }

    public string? Error { get; init; }

    public bool NeedsSignIn { get; init; }
}

/// <summary>GET /recordings/{id}/retention.</summary>
public sealed record KeepingPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    public required string Title { get; init; }

    public required string Sentence { get; init; }

    public required IReadOnlyList<KeepingLine> Rules { get; init; }

    /// <summary>The one for it alone; null where there is none.</summary>
    public Guid? OwnSchedule { get; init; }

    public required bool MayManage { get; init; }
}

/// <param name="CountsFrom">Null where its trigger has not come to pass.</param>
public sealed record KeepingLine(string Name, string Words, DateTimeOffset? CountsFrom);
