import { describeRandomKills } from './support/randomKills';

describeRandomKills('sqlite');
