using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <param name="Scope">tenant, source, label, collection or recording.</param>
/// <param name="Target">Label, source, or id; absent for the tenant.</param>
/// <param name="Trigger">recorded, uploaded, last-viewed, consent-withdrawn or matter-closed.</param>
/// <param name="KeepAtLeast">As P100D; absent where it obliges to nothing.</param>
/// <param name="DisposeAfter">As P100D; absent where it wishes nothing away.</param>
/// <param name="Action">review or destroy; review where it is absent.</param>
/// <param name="GraceInDays">In the trash; 30 where it is absent.</param>
/// <param name="Reason">Needed where it makes something go earlier than another schedule says: then it waits.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ScheduleRequest(
    string? Name, string? Scope, string? Target, string? Trigger, string? KeepAtLeast, string? DisposeAfter, string? Action, int? GraceInDays, string? Reason);

/// <summary>What is absent stays as it is; null takes a period away. For whom it is, and what it counts from, does not change: make another one.</summary>
/// <param name="KeepAtLeast">A period or null.</param>
/// <param name="DisposeAfter">A period or null.</param>
/// <param name="Reason">Needed where something could go earlier then.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeScheduleRequest(string? Name, JsonElement KeepAtLeast, JsonElement DisposeAfter, string? Action, int? GraceInDays, string? Reason);

/// <param name="Schedule">The one that is to be changed so; absent for a new one.</param>
/// <param name="Removes">It is to go; the rest is not looked at then.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PreviewRequest(
    Guid? Schedule, bool Removes, string? Name, string? Scope, string? Target, string? Trigger, string? KeepAtLeast, string? DisposeAfter, string? Action, int? GraceInDays)
{
    public ScheduleRequest Wish => new(Name, Scope, Target, Trigger, KeepAtLeast, DisposeAfter, Action, GraceInDays, Reason: null);
}

/// <param name="Decision">approve or decline.</param>
/// <param name="Word">Why; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DecideChangeRequest(string? Decision, string? Word);

/// <param name="Name">Null where there is no such account any more.</param>
public sealed record SchedulePerson(Guid Id, string? Name);

/// <param name="TargetName">The collection's or the recording's, for people; null for others.</param>
/// <param name="Words">The whole rule in a sentence.</param>
/// <param name="Waiting">What waits for a second person or for its day; null where nothing does.</param>
public sealed record ScheduleResponse(
    Guid Id, string Name, string Scope, string? Target, string? TargetName, string Trigger, string? KeepAtLeast, string? DisposeAfter, string Action, int GraceInDays, DateTimeOffset CreatedAt, string Words,
    ChangeResponse? Waiting);

/// <param name="Schedule">Whose id it is; the schedule itself may be gone by now.</param>
/// <param name="ScheduleName">Null where it is gone.</param>
/// <param name="InForceAt">When it takes effect though nobody decided.</param>
/// <param name="State">waiting, in-force, declined, taken-back or stale.</param>
public sealed record ChangeResponse(
    Guid Id, Guid Schedule, string? ScheduleName, bool Removes, string? KeepAtLeast, string? DisposeAfter, string? Action, int? GraceInDays, string Reason, SchedulePerson AskedBy, DateTimeOffset AskedAt,
    DateTimeOffset InForceAt, string State, SchedulePerson? DecidedBy, DateTimeOffset? EndedAt, string? Word);

/// <summary>What a rule would do to what is here now; nothing is changed by asking.</summary>
/// <param name="Changed">Recordings that get a date, or another date or end.</param>
/// <param name="Sooner">Of those, the ones that a schedule kept for longer until now: for their sake the change waits.</param>
/// <param name="KeptLonger">Recordings that must be kept for longer.</param>
/// <param name="OnHold">Of the changed ones: their date does not move to an earlier day until the last hold is lifted.</param>
/// <param name="Due">Of the changed ones: their day has come, so they go after a week's notice.</param>
/// <param name="DueIn30Days">The same, and those of the next thirty days.</param>
/// <param name="SizeInBytes">Of the changed ones that have a date.</param>
/// <param name="Waits">It would wait for a second person or seven days.</param>
/// <param name="First">Twenty at most, those that go first.</param>
public sealed record PreviewResponse(
    int Changed, int Sooner, int KeptLonger, int OnHold, int Due, int DueIn30Days, long SizeInBytes, DateTimeOffset? From, DateTimeOffset? To, bool Waits, IReadOnlyList<PreviewRecording> First);

public sealed record PreviewRecording(Guid Id, string Title, DateTimeOffset DisposeAt);

/// <param name="Reason">Needed where something could go earlier without it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RemoveScheduleRequest(string? Reason);
