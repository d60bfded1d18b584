using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecordingVault.Cli.Talk;

/// <summary>The tenant that a token is of, and what it may do there.</summary>
internal sealed record TenantAnswer(Guid Id, string? Name, string? Role);

/// <summary>One page of a list, each item as the vault wrote it.</summary>
internal sealed record PageAnswer(IReadOnlyList<JsonElement>? Items, string? NextCursor);

/// <summary>Files that are about to be uploaded, by their names.</summary>
/// <param name="TimeZone">The IANA name of the zone that times in names are meant in; null where this machine has none.</param>
internal sealed record PlanQuestion(IReadOnlyList<PlanFile> Files, string? TimeZone);

/// <param name="Path">Relative, joined by slashes.</param>
internal sealed record PlanFile(string Path, long SizeInBytes, DateTimeOffset LastModified);

internal sealed record PlanAnswer(IReadOnlyList<PlannedRecording>? Recordings, IReadOnlyList<LeftOutFile>? LeftOut);

internal sealed record PlannedRecording(string? Title, DateTimeOffset? RecordedAt, string? Source, IReadOnlyList<PlannedPart>? Files);

internal sealed record PlannedPart(string? Path, string? Role);

internal sealed record LeftOutFile(string? Path, string? Says);

internal sealed record Person(string Name, string? Email);

/// <summary>What a link is to allow; what is absent is the vault's own choice.</summary>
internal sealed record ShareQuestion(string? RecipientName, DateTimeOffset? ExpiresAt, string? Passcode, bool? AllowDownload, string? Note);

/// <summary>What the vault says that a new link allows.</summary>
internal sealed record ShareAnswer(Guid Id, string? Url, DateTimeOffset ExpiresAt, bool ViewOnly, bool HasPasscode, string? RecipientName);

/// <summary>What is to be packed, for what and for whom.</summary>
internal sealed record ExportQuestion(IReadOnlyList<Guid> Recordings, string Purpose, string Recipient);

internal sealed record ExportAnswer(Guid Id, string? State, IReadOnlyList<ExportedRecording>? Recordings);

/// <param name="Outcome">waiting, packed or refused.</param>
internal sealed record ExportedRecording(Guid Recording, string? Outcome, string? Sentence);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TenantAnswer))]
[JsonSerializable(typeof(PageAnswer))]
[JsonSerializable(typeof(PlanQuestion))]
[JsonSerializable(typeof(PlanAnswer))]
[JsonSerializable(typeof(IReadOnlyList<Person>))]
[JsonSerializable(typeof(ShareQuestion))]
[JsonSerializable(typeof(ShareAnswer))]
[JsonSerializable(typeof(ExportQuestion))]
[JsonSerializable(typeof(ExportAnswer))]
internal sealed partial class MessageJson : JsonSerializerContext;
