import { describeRandomKills } from './support/randomKills';

describeRandomKills('postgres');
