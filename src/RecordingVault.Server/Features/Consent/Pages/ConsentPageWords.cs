namespace RecordingVault.Server.Features.Consent.Pages;

/// <summary>The ledger's words for people.</summary>
internal static class ConsentPageWords
{
    /// <summary>The head of a column.</summary>
    public static string Short(string purpose) => purpose switch
    {
        "keep" => "Keep",
        "view-internal" => "Inside",
        "share-external" => "Outside",
        "transcribe" => "Transcript",
        "ai-inference" => "AI reads",
        "ai-training" => "AI training",
        "data-mining" => "Mining",
        _ => purpose,
    };

    public static string Long(string purpose) => purpose switch
    {
        "keep" => "Keeping it",
        "view-internal" => "Watching it inside the organisation",
        "share-external" => "Showing it to people outside",
        "transcribe" => "Making a transcript by machine",
        "ai-inference" => "Letting AI read it",
        "ai-training" => "Training AI with it",
        "data-mining" => "Text and data mining",
        _ => purpose,
    };

    public static string Status(string status) => status switch
    {
        "requested" => "Asked",
        "given" => "Yes",
        "refused" => "No",
        "withdrawn" => "Withdrawn",
        "expired" => "Expired",
        "not-needed" => "Not needed",
        _ => "Unknown",
    };

    /// <summary>Beside a name, where only one use is meant.</summary>
    public static string Outside(string status) => status switch
    {
        "given" => "Agreed to be shown",
        "not-needed" => "Consent not needed",
        "refused" => "Said no",
        "withdrawn" => "Withdrawn",
        "requested" => "Asked",
        "expired" => "Consent expired",
        _ => "No consent on record",
    };

    public static string Said(string status) => status switch
    {
        "requested" => "The person was asked, and has not answered",
        "given" => "Yes",
        "refused" => "No",
        "withdrawn" => "Yes before, and no from now on",
        "expired" => "Yes, for a time that is over",
        _ => "Consent is not needed for it",
    };

    public static string Badge(string status) => status switch
    {
        "given" or "not-needed" => "badge ok",
        "refused" or "withdrawn" => "badge stop",
        "requested" or "expired" => "badge wait",
        _ => "badge",
    };

    public static string Verdict(string verdict) => verdict switch
    {
        "objected" => "Somebody has said no, so it is refused.",
        "missing" => "Somebody’s yes is missing, so it is refused.",
        "needs-reason" => "Somebody’s yes is missing. It is refused until an owner or an admin says why it may be.",
        "reasoned" => "Somebody’s yes is missing. It is allowed, because an owner or an admin said why.",
        _ => "Somebody’s yes is missing. It is allowed, and the log says so each time.",
    };

    public static string Outcome(string outcome) => outcome switch
    {
        "asked-again" => "The person was asked again",
        "cut" => "A copy without the person is used from now on",
        "restricted" => "The recording is for fewer people now",
        "disposed" => "The recording was disposed of",
        _ => "Nothing had to be done",
    };

    public static string Method(string method) => method switch
    {
        "prompt" => "When the meeting asked",
        "page" => "On a page of this vault",
        "mail" => "By mail",
        "signed-paper" => "On signed paper",
        "spoken" => "Spoken in the recording",
        _ => "Came along with files of another recording",
    };

    public static string EvidenceKind(string mediaType) => mediaType switch
    {
        "application/pdf" => "PDF",
        "image/png" or "image/jpeg" => "Picture",
        "message/rfc822" => "Letter",
        "text/plain" => "Text",
        _ => "Sound",
    };

    /// <summary>How we know that somebody was there.</summary>
    public static string Source(string source) => source switch
    {
        "pasted" => "From a list that was pasted",
        "csv" => "From a table (CSV)",
        "zoom-report" => "From Zoom’s report of participants",
        "bigbluebutton-events" => "From BigBlueButton’s events",
        "captions" => "Named in the recording’s own texts",
        _ => "Typed",
    };

    public static string Basis(string basis) => basis switch
    {
        "contract" => "A contract with the person",
        "legal-obligation" => "A legal obligation",
        "vital-interests" => "Somebody’s vital interests",
        "public-task" => "A public task",
        _ => "Legitimate interests",
    };
}
