// The page of a recording's consent: its forms, and what people say while it is open.
import './edit';
import { takeEvidence } from '../parts/evidence';
import { followConsent } from '../parts/said';

followConsent(['said', 'follows']);
takeEvidence();
